// Judges what the core says of numbers and amounts in Indonesian by another package: npm's @develoka/angka-terbilang-js.
//
//     node judge_words.js NODE_MODULES FILE
//
// Each line of FILE is what was given and what the core said, between tabs. Where the package is known to differ, its
// answer is put right by a rule of `KNOWN`, with the reason; a rule that nothing needs any more fails, so that the list
// stays true. Ends with `N passed, M failed`.

const fs = require('node:fs');
const path = require('node:path');

// How many differences are printed.
const SHOWN = 20;

const KNOWN = {
  milyar: 'angka-terbilang-js writes `milyar`; KBBI writes `miliar`',
};
const used = Object.fromEntries(Object.keys(KNOWN).map((name) => [name, 0]));

function repaired(words) {
  if (words.split(' ').includes('milyar')) {
    used.milyar += 1;
    words = words.replaceAll('milyar', 'miliar');
  }
  return words;
}

function main(modules, file) {
  const terbilang = require(path.resolve(modules, '@develoka/angka-terbilang-js'));
  let passed = 0;
  let failed = 0;
  for (const line of fs.readFileSync(file, 'utf8').trimEnd().split('\n')) {
    const [given, said] = line.split('\t');
    const other = repaired(terbilang(given));
    if (other === said) {
      passed += 1;
    } else {
      failed += 1;
      if (failed <= SHOWN) {
        console.log(`angka-terbilang-js of ${given}: '${other}', the core: '${said}'`);
      }
    }
  }
  for (const [name, reason] of Object.entries(KNOWN)) {
    console.log(`known, ${used[name]} times: ${reason}`);
    if (used[name] === 0) {
      failed += 1;
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

if (process.argv.length !== 4) {
  console.error('usage: judge_words.js NODE_MODULES FILE');
  process.exit(1);
}
process.exitCode = main(process.argv[2], process.argv[3]);
