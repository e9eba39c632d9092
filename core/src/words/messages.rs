//! The messages of a language: the Fluent files, embedded when the library is built, read once when first asked for.
//!
//! Nothing here can fail for a member: a message that a language lacks is said in Indonesian. The tests hold that none
//! is lacking, that all languages take the same arguments, and that no message is asked for that does not exist.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::language::Language;

/// One file of each language, by its name.
macro_rules! locales {
    ($language:literal) => {
        &[
            ("numbers", include_str!(concat!("../../locales/", $language, "/numbers.ftl"))),
            ("time", include_str!(concat!("../../locales/", $language, "/time.ftl"))),
            ("screens", include_str!(concat!("../../locales/", $language, "/screens.ftl"))),
            ("refusals", include_str!(concat!("../../locales/", $language, "/refusals.ftl"))),
            ("server-rules", include_str!(concat!("../../locales/", $language, "/server-rules.ftl"))),
            ("problems", include_str!(concat!("../../locales/", $language, "/problems.ftl"))),
        ]
    };
}

const INDONESIAN: &[(&str, &str)] = locales!("id");
const JAVANESE: &[(&str, &str)] = locales!("jv");
const ENGLISH: &[(&str, &str)] = locales!("en");

static BUNDLES: LazyLock<[FluentBundle<FluentResource>; 3]> = LazyLock::new(|| Language::ALL.map(bundle));

/// The files of a language, by their names.
pub(super) fn sources(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::Indonesian => INDONESIAN,
        Language::Javanese => JAVANESE,
        Language::English => ENGLISH,
    }
}

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let locale: LanguageIdentifier = language.as_str().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // Marks around arguments would be read aloud or shown as boxes; all three languages run left to right.
    bundle.set_use_isolating(false);
    for (_, text) in sources(language) {
        // What a file says beside an error stands; the tests let no error pass.
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(read, _)| read);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// What a message or, when it has one of that name, its attribute says; `None` when no language has the message.
fn pattern(language: Language, id: &str, attribute: Option<&str>, args: &FluentArgs<'_>) -> Option<String> {
    let bundle = &BUNDLES[language as usize];
    let message = bundle.get_message(id)?;
    let own = attribute.and_then(|name| message.get_attribute(name)).map(|found| found.value());
    let mut faults = Vec::new();
    let text = bundle.format_pattern(own.or_else(|| message.value())?, Some(args), &mut faults);
    debug_assert!(faults.is_empty(), "{id} in {language}: {faults:?}");
    Some(text.into_owned())
}

/// A message with its arguments: its attribute `attribute` where it has that, otherwise its value.
pub(super) fn message<'a>(
    language: Language,
    id: &str,
    attribute: Option<&str>,
    args: impl IntoIterator<Item = (&'static str, FluentValue<'a>)>,
) -> String {
    let mut given = FluentArgs::new();
    for (name, value) in args {
        given.set(name, value);
    }
    let said = pattern(language, id, attribute, &given);
    debug_assert!(said.is_some(), "{language} has no message {id}");
    said.or_else(|| pattern(Language::Indonesian, id, attribute, &given)).unwrap_or_default()
}

/// A message without arguments.
pub(super) fn word(language: Language, id: &str) -> String {
    message(language, id, None, [])
}
