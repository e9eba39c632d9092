//! One name for one thing in every language: what Kotlin and Swift are given, what the core's `Client` says, and the fields
//! of the command line's JSON. Snake and camel case are the only difference; what else differs stands in a table here.
//! It reads what generators and rustfmt wrote, line by line, and never code in any other form. What a case of an enum carries
//! is not compared.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::Outcome;
use crate::checkout::Checkout;
use crate::{bindings, layers};

/// Each type, and the snake-case names of its parts.
type Names = BTreeMap<String, BTreeSet<String>>;

/// A document of the command line, or a part of one, and the view that it shows.
const DOCUMENTS: &[(&str, &str)] = &[
    ("Attachment", "AttachmentView"),
    ("Backing", "BackingView"),
    ("Balances", "BalancesView"),
    ("Card", "CardView"),
    ("CardVerdict", "CardVerdict"),
    ("Checkpoint", "CheckpointView"),
    ("Draft", "DraftView"),
    ("Due", "NextDue"),
    ("Ended", "EndedView"),
    ("Enrolled", "ProfileView"),
    ("Loan", "LoanView"),
    ("LoanEntry", "LoanEntryView"),
    ("LoanSchedule", "LoanScheduleView"),
    ("LoanTransactions", "LoanPageView"),
    ("Loans", "BalancesView"),
    ("Month", "ProjectedMonthView"),
    ("Part", "PaymentPartView"),
    ("Piece", "EvidenceView"),
    ("Plan", "SimulatedLoanView"),
    ("Projected", "ProjectionView"),
    ("Remind", "LoanReminderView"),
    ("Reply", "ReplyView"),
    ("Request", "RequestView"),
    ("RequestState", "RequestView"),
    ("Row", "InstalmentView"),
    ("Savings", "SavingsView"),
    ("SavingsEntry", "SavingsEntryView"),
    ("Standing", "InstalmentStandingView"),
    ("Statement", "StatementView"),
    ("Synced", "SyncReport"),
    ("Terms", "TermsView"),
    ("Transactions", "SavingsPageView"),
    ("Verified", "VerifyView"),
    ("VerifiedAccount", "VerifiedAccountView"),
    ("Warning", "WarningView"),
];

/// Documents that show no view: failures, lists of one thing, one word, notices, what the terminal alone reckons, the
/// demonstration.
const OWN: &[&str] = &[
    "Compared",
    "ComparedOffers",
    "DividedPayment",
    "Drafts",
    "Evidence",
    "Failed",
    "Fault",
    "LoanChecked",
    "Matured",
    "Nik",
    "Notice",
    "OneOffer",
    "PaidLate",
    "PaidOff",
    "Qris",
    "Reminders",
    "Requests",
    "ShuShared",
    "Simulated",
    "Story",
    "StoryStep",
    "Text",
];

/// A JSON field that the languages name otherwise: `type` is a word that Rust keeps for itself.
const TYPES: &[(&str, &str)] =
    &[("Ended", "kind"), ("Piece", "ledger"), ("Savings", "savings_type"), ("VerifiedAccount", "kind")];

/// A JSON field beside the one whose value carries it in the other languages: the number of an other kind, the word that
/// `untold` once was.
const CARRIED: &[(&str, &str)] = &[("kind_number", "kind"), ("too_long", "untold")];

/// What only the other languages have: in Rust a sync and an upload are cancelled by dropping them, what was rescued comes
/// with the client, and panics need no help.
const NOT_IN_RUST: &[&str] = &["cancel_sync", "cancel_upload", "panic_later", "panic_now", "rescued"];

/// What only a shell in Rust has, which words a screen from its parts: the others are given the screen.
const ONLY_IN_RUST: &[&str] = &["book", "possible", "reader"];

/// Values that are called by their legal term.
const TERMS: &[(&str, &str)] =
    &[("LateCharge", "denda"), ("Interest", "jasa"), ("Fee", "biaya"), ("Principal", "pokok")];

/// The usual ending of a file's name, which is no word of JSON.
const ENDINGS: &[(&str, &str)] = &[("Jpeg", "jpg")];

/// Generates both languages and compares.
pub(crate) fn check(checkout: &Checkout) -> Outcome {
    bindings::generate(checkout)?;
    let kotlin = kotlin(&read(&checkout.path(bindings::KOTLIN))?);
    let swift = swift(&read(&checkout.path(bindings::SWIFT))?);
    same("Kotlin", &kotlin, "Swift", &swift)?;
    let client = methods(&sources(&checkout.path("core/src/client"))?, "impl Client {");
    let abroad = client.into_iter().filter(|name| !ONLY_IN_RUST.contains(&name.as_str()));
    let expected = abroad.chain(NOT_IN_RUST.iter().map(|&name| name.to_owned())).collect();
    same_parts("Client of Kotlin", parts(&kotlin, "Client")?, "Client of the core", &expected)?;
    shown(&documents(&sources(&checkout.path("cli/src/json"))?), &kotlin)?;
    words(&sources(&checkout.path("core/src/domain"))?)?;
    let count = kotlin.values().map(BTreeSet::len).sum::<usize>();
    println!("names: {} types with {count} parts are the same in Kotlin, Swift, Rust and JSON", kotlin.len());
    Ok(())
}

fn read(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// All the Rust files under a folder, one after the other.
fn sources(folder: &Path) -> Outcome<String> {
    Ok(layers::sources(folder)?.into_iter().map(|(_, text)| text).collect())
}

/// Reads items that begin with one of the openings, at the left edge, and end with a brace there.
fn items(text: &str, openings: &[&str], part: fn(&str) -> Option<&str>) -> Names {
    let mut names = Names::new();
    let mut current: Option<String> = None;
    for line in text.lines() {
        let opened = openings.iter().find_map(|opening| line.strip_prefix(opening));
        if let Some(function) = function(line) {
            names.entry("functions".to_owned()).or_default().insert(snake(function));
        } else if let Some(rest) = opened {
            let name = item_name(rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default());
            current = (!name.starts_with("Uniffi") && !name.starts_with("Ffi")).then(|| name.clone());
            if current.is_some() {
                names.entry(name).or_default();
            }
        } else if line.starts_with('}') || line.starts_with("):") || line.starts_with(')') {
            current = None;
        } else if let (Some(name), Some(found)) = (&current, part(line)) {
            names.entry(name.clone()).or_default().insert(snake(found));
        }
    }
    names.retain(|_, parts| !parts.is_empty());
    names
}

/// A function of its own, in either language.
fn function(line: &str) -> Option<&str> {
    let kotlin = || line.strip_prefix("    @Throws(AnggotaException::class) fun ").filter(|rest| rest.starts_with('`'));
    let name = line.strip_prefix("public func ").or_else(kotlin).and_then(first_word)?;
    (!name.starts_with("uniffi") && !name.starts_with("FfiConverter")).then_some(name)
}

fn kotlin(text: &str) -> Names {
    let openings = ["data class ", "enum class ", "sealed class ", "public interface "];
    items(text, &openings, |line| {
        let line = line.strip_prefix("    ").filter(|line| !line.starts_with(' '))?;
        let declared = ["val ", "suspend fun ", "fun ", "data class ", "class ", "object "];
        match declared.iter().find_map(|word| line.strip_prefix(word)) {
            Some(named) => first_word(named),
            // An enum's value stands alone.
            None => {
                let value = line.trim_end_matches([',', ';']);
                let alone = value.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
                (alone && !value.is_empty()).then_some(value)
            }
        }
    })
}

fn swift(text: &str) -> Names {
    let openings = ["public struct ", "public enum ", "enum ", "public protocol "];
    items(text, &openings, |line| {
        let line = line.strip_prefix("    ").filter(|line| !line.starts_with(' '))?;
        let declared = ["public let ", "case ", "func "];
        declared.iter().find_map(|word| line.strip_prefix(word)).and_then(first_word)
    })
}

/// Public methods that a client has once it is open.
fn methods(text: &str, opening: &str) -> BTreeSet<String> {
    let lines: Vec<_> = text.lines().collect();
    let mut inside = false;
    let mut found = BTreeSet::new();
    for (at, line) in lines.iter().enumerate() {
        inside = *line == opening || (inside && *line != "}");
        let named = ["    pub fn ", "    pub async fn "].iter().find_map(|start| line.strip_prefix(start));
        // Arguments may stand on lines of their own.
        let receives = lines.iter().skip(at).take(2).any(|line| line.contains("&self"));
        if let (true, true, Some(name)) = (inside, receives, named.and_then(first_word)) {
            found.insert(name.to_owned());
        }
    }
    found
}

/// The JSON documents of the command line: structs, with the names that serde gives their fields.
fn documents(text: &str) -> Names {
    let mut names = Names::new();
    let (mut current, mut renamed, mut serialized, mut flattened) = (None, None, false, false);
    for line in text.lines() {
        let openings = ["pub(crate) struct ", "pub(super) struct ", "struct "];
        let opened = openings.iter().find_map(|opening| line.strip_prefix(opening));
        if line.starts_with("#[derive(") {
            serialized = line.contains("Serialize");
        } else if let Some(name) = opened.and_then(first_word) {
            current = serialized.then(|| name.to_owned());
            serialized = false;
        } else if line.starts_with('}') {
            current = None;
        } else if line.contains("(flatten)") {
            flattened = true;
        } else if let Some((_, rest)) = line.split_once("rename = \"") {
            renamed = rest.split('"').next();
        } else if let (Some(name), Some((field, _))) = (&current, line.split_once(": ")) {
            let field = field.trim().trim_start_matches("pub(crate) ");
            // The parts of what is flattened are read where they stand.
            if !field.starts_with(['/', '#']) && !std::mem::take(&mut flattened) {
                names.entry(name.clone()).or_default().insert(renamed.take().unwrap_or(field).to_owned());
            }
        }
    }
    names
}

/// Whether every value's word in JSON is its name: `Self::PastChanged => "past_changed"`, `Queued = 0 "queued"`.
fn words(text: &str) -> Outcome {
    let mut count = 0;
    for line in text.lines().map(str::trim) {
        let arm = line.strip_prefix("Self::").and_then(|arm| arm.split_once(" => \""));
        let row = || line.split_once(" = ").filter(|(_, rest)| rest.starts_with(|c: char| c.is_ascii_digit()));
        let Some((name, rest)) = arm.or_else(row) else { continue };
        let word = rest.trim_end_matches(',').trim_end_matches('"').rsplit('"').next().unwrap_or_default();
        let is_word = word.chars().all(|c| c.is_ascii_lowercase() || c == '_') && rest.contains('"');
        if is_word && snake(name) != word && ![TERMS, ENDINGS].concat().contains(&(name, word)) {
            return Err(format!("the value {name} is \"{word}\" in JSON, and \"{}\" would be its name", snake(name)));
        }
        count += usize::from(is_word);
    }
    if count == 0 {
        Err("core's domain names no values, or in a way that names.rs does not read".to_owned())
    } else {
        Ok(())
    }
}

/// Whether every document's fields are fields of its view.
fn shown(documents: &Names, views: &Names) -> Outcome {
    for (document, fields) in documents {
        if OWN.contains(&document.as_str()) {
            continue;
        }
        let view = DOCUMENTS.iter().find(|(name, _)| name == document).map(|(_, view)| *view);
        let view = view.ok_or_else(|| format!("cli's JSON has {document}: say in names.rs which view it shows"))?;
        let held = parts(views, view)?;
        for field in fields {
            let typed = TYPES.iter().find(|(name, _)| name == document && field == "type").map(|(_, kind)| *kind);
            let carried = CARRIED.iter().find(|(name, _)| name == field).map(|(_, carrier)| *carrier);
            let said = typed.or(carried).unwrap_or(field);
            if !held.contains(said) {
                return Err(format!("cli's JSON {document} has {field}, but {view} has only {held:?}"));
            }
        }
    }
    let gone = DOCUMENTS.iter().map(|(name, _)| name).chain(OWN).find(|name| !documents.contains_key(**name));
    gone.map_or(Ok(()), |name| Err(format!("names.rs speaks of {name}, which cli's JSON no longer has")))
}

fn parts<'a>(names: &'a Names, name: &str) -> Outcome<&'a BTreeSet<String>> {
    names.get(name).ok_or_else(|| format!("the bindings have no {name}"))
}

fn same(one: &str, names: &Names, other: &str, others: &Names) -> Outcome {
    same_parts(one, &names.keys().cloned().collect(), other, &others.keys().cloned().collect())?;
    names.iter().try_for_each(|(name, parts)| {
        let (one, other_name) = (format!("{name} of {one}"), format!("{name} of {other}"));
        same_parts(&one, parts, &other_name, &others[name])
    })
}

fn same_parts(one: &str, names: &BTreeSet<String>, other: &str, others: &BTreeSet<String>) -> Outcome {
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect::<Vec<_>>().join(", ");
    let (first, second) = (only(names, others), only(others, names));
    if first.is_empty() && second.is_empty() {
        return Ok(());
    }
    Err(format!("names differ: only in {one}: [{first}], only in {other}: [{second}]"))
}

/// A type's name without what its language adds to it.
fn item_name(name: &str) -> String {
    let name = name.strip_suffix("Interface").or_else(|| name.strip_suffix("Protocol")).unwrap_or(name);
    name.strip_suffix("Exception").map_or_else(|| name.to_owned(), |error| format!("{error}Error"))
}

fn first_word(text: &str) -> Option<&str> {
    let word = text.trim_start_matches('`').split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
    (!word.is_empty()).then_some(word)
}

/// `loanNo`, `LoanNo` and `LOAN_NO` are `loan_no`.
fn snake(name: &str) -> String {
    if !name.chars().any(|c| c.is_ascii_lowercase()) {
        return name.to_ascii_lowercase();
    }
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    const KOTLIN: &str = "data class LoanPageView (\n    /**\n     * Whose.\n     */\n    val `loanNo`: AccountNo\n    , \n    \
                          val `more`: kotlin.Boolean\n    \n){\n    companion object\n}\nenum class Topic {\n    \n    \
                          BALANCES,\n    PAST_CHANGED;\n    companion object\n}\nsealed class AnggotaException: \
                          kotlin.Exception() {\n    class NoNetwork(\n        val `code`: kotlin.String\n        ) : \
                          AnggotaException() {\n    }\n}\npublic interface ClientInterface {\n    fun `balances`(): \
                          BalancesView\n    suspend fun `showCard`(): CardView\n    companion object\n}\n    \
                          @Throws(AnggotaException::class) fun `verifyCard`(`check`: CardCheck): CardVerdict {\n";
    const SWIFT: &str = "public struct LoanPageView: Equatable, Hashable {\n    public let loanNo: AccountNo\n    public \
                         let more: Bool\n\n    public init(loanNo: AccountNo) {\n        self.loanNo = loanNo\n    }\n}\n\
                         public enum Topic: Equatable, Hashable {\n    case balances\n    case pastChanged\n}\nenum \
                         AnggotaError: Swift.Error {\n    case NoNetwork(\n        code: String\n    )\n}\npublic \
                         protocol ClientProtocol: AnyObject, Sendable {\n    func balances() throws  -> BalancesView\n    \
                         func showCard() async throws  -> CardView\n}\npublic func verifyCard(check: CardCheck)throws {\n\
                         public func FfiConverterTypeTopic_lift(_ value: Int) {\n";

    #[test]
    fn both_languages_are_read_alike_and_a_difference_is_named() {
        let (kotlin, swift) = (kotlin(KOTLIN), swift(SWIFT));
        same("Kotlin", &kotlin, "Swift", &swift).unwrap();
        let set = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<BTreeSet<_>>();
        assert_eq!(kotlin["LoanPageView"], set(&["loan_no", "more"]));
        assert_eq!(kotlin["Topic"], set(&["balances", "past_changed"]));
        assert_eq!(kotlin["Client"], set(&["balances", "show_card"]));
        assert_eq!(kotlin["AnggotaError"], set(&["no_network"]));
        assert_eq!(kotlin["functions"], set(&["verify_card"]));
        let renamed = super::swift(&SWIFT.replace("let loanNo", "let accountNo"));
        let told = same("Kotlin", &kotlin, "Swift", &renamed).unwrap_err();
        assert!(told.contains("LoanPageView of Kotlin: [loan_no]"), "{told}");
    }

    #[test]
    fn methods_are_those_of_an_open_client() {
        let source = "impl Client {\n    pub async fn open(options: Options) -> Self {\n    }\n    pub fn balances(&self) {\n    \
                      }\n    pub async fn request_loan(\n        &self,\n    ) {\n    }\n}\nimpl Other {\n    pub fn \
                      other(&self) {\n}\n";
        let found: Vec<_> = methods(source, "impl Client {").into_iter().collect();
        assert_eq!(found, ["balances", "request_loan"]);
    }

    #[test]
    fn a_field_of_json_is_a_field_of_its_view() {
        let text = "/// `x`.\n#[derive(Serialize)]\nstruct Ended {\n    account_no: String,\n    #[serde(rename = \"type\")]\n    \
                    kind: &'static str,\n}\n#[derive(Clone)]\nstruct Other {\n    not_read: u8,\n}\n";
        let found = documents(text);
        assert_eq!(found.keys().collect::<Vec<_>>(), ["Ended"]);
        assert_eq!(found["Ended"].iter().collect::<Vec<_>>(), ["account_no", "type"]);
        let view =
            |parts: &[&str]| Names::from([("EndedView".to_owned(), parts.iter().map(|&p| p.to_owned()).collect())]);
        let told = shown(&found, &view(&["kind", "loan_no"])).unwrap_err();
        assert!(told.contains("Ended has account_no"), "{told}");
        let told = shown(&found, &view(&["account_no", "kind"])).unwrap_err();
        assert!(told.contains("no longer has"), "{told}");
    }

    #[test]
    fn a_value_is_called_by_its_word() {
        words("Self::PastChanged => \"past_changed\",\nQueued = 0 \"queued\",").unwrap();
        assert!(words("Self::PastChanged => \"changed\",").is_err());
        assert!(words("Queued = 0 \"waiting\",").is_err());
        assert!(words("nothing").is_err());
    }
}
