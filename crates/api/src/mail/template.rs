//! The texts of mails: one readable file each, in Dutch, plain Dutch and English.

use std::collections::BTreeMap;

use klankbord_domain::access::CodePurpose;
use klankbord_persistence::store::mails::Values;
use serde::Deserialize;

/// The language that everybody gets who has none that we write.
const FALLBACK: &str = "nl";

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Template {
    /// A link to sign in with.
    SignInCode,
    /// A link to set a new password with.
    PasswordReset,
    /// A link to an invitation: `token`, `days`.
    Invitation,
    /// A link to an invitation to a network: `token`, `days`. To which, they read there.
    MembershipInvitation,
    /// The same anew, for who didn't answer: `token`, `days`.
    MembershipReminder,
    /// Somebody signed in from a new place.
    NewSignInNotice,
    /// The second factor came, changed or went.
    SecondFactorChanged,
    /// The password changed.
    PasswordChanged,
    /// Something is asked of a person. What it is about they read where they sign in.
    ConsultationOpened,
    /// What came of what was asked of a person can be read. What it is they read there.
    ReportBackPublished,
    /// For who asks: people wait to hear back, and the day comes near: `day`. On what, they
    /// read where they sign in.
    ReportBackDue,
    /// For who asks: the day on which people should have heard back is past: `day`.
    ReportBackOverdue,
    /// The same again; who answered already can pass it over.
    ConsultationReminder,
    /// Somebody's experience is sought. For what, and by whom, they read where they sign in.
    ExperienceApproached,
    /// An address of their own is asked of who represents somebody who turns 16: `day`.
    TurningSixteen,
    /// What is kept of somebody goes, because they no longer take part: `day`.
    RetentionWarning,
    /// A link that says that an address is right: `token`.
    ContactVerification,
    /// A link to one's own data, without an account; one for each person with the address.
    OwnDataCode,
}

impl Template {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::SignInCode,
        Self::PasswordReset,
        Self::Invitation,
        Self::MembershipInvitation,
        Self::MembershipReminder,
        Self::NewSignInNotice,
        Self::SecondFactorChanged,
        Self::PasswordChanged,
        Self::ConsultationOpened,
        Self::ReportBackPublished,
        Self::ReportBackDue,
        Self::ReportBackOverdue,
        Self::ConsultationReminder,
        Self::ExperienceApproached,
        Self::TurningSixteen,
        Self::RetentionWarning,
        Self::ContactVerification,
        Self::OwnDataCode,
    ];

    /// The word that it is kept by.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SignInCode => "sign_in_code",
            Self::PasswordReset => "password_reset",
            Self::Invitation => "invitation",
            Self::MembershipInvitation => "membership_invitation",
            Self::MembershipReminder => "membership_reminder",
            Self::NewSignInNotice => "new_sign_in_notice",
            Self::SecondFactorChanged => "second_factor_changed",
            Self::PasswordChanged => "password_changed",
            Self::ConsultationOpened => "consultation_opened",
            Self::ReportBackPublished => "report_back_published",
            Self::ReportBackDue => "report_back_due",
            Self::ReportBackOverdue => "report_back_overdue",
            Self::ConsultationReminder => "consultation_reminder",
            Self::ExperienceApproached => "experience_approached",
            Self::TurningSixteen => "turning_sixteen",
            Self::RetentionWarning => "retention_warning",
            Self::ContactVerification => "contact_verification",
            Self::OwnDataCode => "own_data_code",
        }
    }

    /// The one that is kept by this word.
    pub fn find(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.code() == code)
    }

    /// What the code is for that is made at the moment of sending, for mails that bring one.
    pub const fn brings_code(self) -> Option<CodePurpose> {
        match self {
            Self::SignInCode => Some(CodePurpose::SignIn),
            Self::PasswordReset => Some(CodePurpose::PasswordReset),
            Self::OwnDataCode => Some(CodePurpose::OwnData),
            _ => None,
        }
    }

    /// What its link is for, as the frontend's page is told.
    pub const fn link_purpose(self) -> &'static str {
        match self {
            Self::SignInCode => CodePurpose::SignIn.code(),
            Self::OwnDataCode => CodePurpose::OwnData.code(),
            Self::MembershipReminder => Self::MembershipInvitation.code(),
            other => other.code(),
        }
    }

    const fn file(self) -> &'static str {
        match self {
            Self::SignInCode => include_str!("templates/sign_in_code.toml"),
            Self::PasswordReset => include_str!("templates/password_reset.toml"),
            Self::Invitation => include_str!("templates/invitation.toml"),
            Self::MembershipInvitation => include_str!("templates/membership_invitation.toml"),
            Self::MembershipReminder => include_str!("templates/membership_reminder.toml"),
            Self::NewSignInNotice => include_str!("templates/new_sign_in_notice.toml"),
            Self::SecondFactorChanged => include_str!("templates/second_factor_changed.toml"),
            Self::PasswordChanged => include_str!("templates/password_changed.toml"),
            Self::ConsultationOpened => include_str!("templates/consultation_opened.toml"),
            Self::ReportBackPublished => include_str!("templates/report_back_published.toml"),
            Self::ReportBackDue => include_str!("templates/report_back_due.toml"),
            Self::ReportBackOverdue => include_str!("templates/report_back_overdue.toml"),
            Self::ConsultationReminder => include_str!("templates/consultation_reminder.toml"),
            Self::ExperienceApproached => include_str!("templates/experience_approached.toml"),
            Self::TurningSixteen => include_str!("templates/turning_sixteen.toml"),
            Self::RetentionWarning => include_str!("templates/retention_warning.toml"),
            Self::ContactVerification => include_str!("templates/contact_verification.toml"),
            Self::OwnDataCode => include_str!("templates/own_data_code.toml"),
        }
    }
}

/// A text as its file has it. The subject takes no values.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    subject: String,
    text: String,
}

/// A mail's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same text as HTML.
    pub html: String,
}

/// Why a mail can't be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unwritable;

/// Writes a mail in the language, or the nearest that we have.
///
/// # Errors
/// When the text asks for a value that isn't there.
pub fn write(template: Template, language: &str, values: &Values) -> Result<Content, Unwritable> {
    let mut variants: BTreeMap<String, Written> = toml::from_str(template.file()).map_err(|_| Unwritable)?;
    let chosen = nearest(language, &variants);
    let Written { subject, text } = variants.remove(&chosen).ok_or(Unwritable)?;
    let paragraphs: Vec<&str> = text.trim().split("\n\n").collect();
    let plain: Result<Vec<_>, _> = paragraphs.iter().map(|one| filled(one, values, str::to_owned)).collect();
    let html: Result<Vec<_>, _> = paragraphs.iter().map(|one| paragraph(one, values)).collect();
    let tag = chosen.split('-').next().unwrap_or(FALLBACK);
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"{tag}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{}</title>\n</head>\n<body>\n{}\n\
         </body>\n</html>\n",
        escaped(&subject),
        html?.join("\n"),
    );
    Ok(Content { subject, text: format!("{}\n", plain?.join("\n\n")), html })
}

fn nearest(language: &str, variants: &BTreeMap<String, Written>) -> String {
    let language = language.to_lowercase();
    let parts = language.split('-').collect::<Vec<_>>();
    // From the whole tag to its first part (RFC 4647 lookup).
    let candidates = (1..=parts.len()).rev().filter_map(|count| parts.get(..count)).map(|part| part.join("-"));
    candidates.into_iter().find(|tag| variants.contains_key(tag)).unwrap_or_else(|| FALLBACK.to_owned())
}

fn paragraph(text: &str, values: &Values) -> Result<String, Unwritable> {
    let inner = filled(&escaped(text.trim()), values, escaped)?;
    if text.trim() != "{link}" {
        return Ok(format!("<p>{inner}</p>"));
    }
    // There may be several, each on a line of its own.
    let links = inner.lines().map(|link| format!("<p><a href=\"{link}\">{link}</a></p>"));
    Ok(links.collect::<Vec<_>>().join("\n"))
}

/// A text with its values in place of their names in braces. A value is never
/// looked into for names.
fn filled(text: &str, values: &Values, form: fn(&str) -> String) -> Result<String, Unwritable> {
    let mut parts = text.split('{');
    let mut done = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').ok_or(Unwritable)?;
        done.push_str(&form(values.get(name).ok_or(Unwritable)?));
        done.push_str(rest);
    }
    Ok(done)
}

fn escaped(text: &str) -> String {
    let mut done = String::with_capacity(text.len());
    for one in text.chars() {
        match one {
            '&' => done.push_str("&amp;"),
            '<' => done.push_str("&lt;"),
            '>' => done.push_str("&gt;"),
            '"' => done.push_str("&quot;"),
            '\'' => done.push_str("&#39;"),
            other => done.push(other),
        }
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(link: &str) -> Values {
        let known =
            [("link", link), ("minutes", "15"), ("days", "14"), ("moment", "25-11-2026, 10:00"), ("day", "01-12-2026")];
        known.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    #[test]
    fn every_mail_is_written_in_every_language() {
        for template in Template::ALL {
            let variants: BTreeMap<String, Written> = toml::from_str(template.file()).unwrap();
            assert_eq!(variants.keys().collect::<Vec<_>>(), ["en", "nl", "nl-simple"], "{template:?}");
            let mut seen = Vec::new();
            for (language, written) in &variants {
                let content = write(*template, language, &values("https://app.example/#a=b")).unwrap();
                assert!(!content.text.contains(['{', '}']) && !content.html.contains(['{', '}']), "{template:?}");
                assert_eq!(content.subject, written.subject);
                // One line, and nothing of whom it goes to.
                assert!(content.subject.len() < 70 && !content.subject.contains(['{', '\n', '\r']), "{template:?}");
                assert!(!seen.contains(&content.text), "{template:?} {language}");
                seen.push(content.text);
            }
            assert_eq!(Template::find(template.code()), Some(*template));
        }
    }

    /// That somebody is a client or takes part tells of their health.
    #[test]
    fn no_mail_says_what_somebody_is() {
        for template in Template::ALL {
            let text = template.file().to_lowercase();
            let words = ["cliënt", "client", "deelnemer", "participant", "member", "lid ", "zorg", "care", "raad"];
            // A consultation's title would say it, too: no mail has one.
            for word in words.into_iter().chain(["doet mee", "doe mee", "take part", "{title}"]) {
                assert!(!text.contains(word), "{template:?} says {word}");
            }
        }
    }

    #[test]
    fn the_nearest_language_is_taken() {
        let subject = |language: &str| write(Template::SignInCode, language, &values("x")).unwrap().subject;
        assert_eq!(subject("en-GB"), subject("en"));
        assert_eq!(subject("tr"), subject("nl"));
        assert_eq!(subject(""), subject("nl"));
        let text = |language: &str| write(Template::SignInCode, language, &values("x")).unwrap().text;
        assert_eq!(text("nl-simple"), text("NL-Simple"));
        assert_ne!(text("nl-simple"), text("nl"));
    }

    #[test]
    fn a_value_is_neither_markup_nor_a_name() {
        let evil = "\"><script>{minutes}</script>&'";
        let content = write(Template::SignInCode, "nl", &values(evil)).unwrap();
        assert!(content.text.contains(evil));
        assert!(!content.html.contains("<script") && !content.html.contains(evil));
        assert!(content.html.contains("&quot;&gt;&lt;script&gt;{minutes}&lt;/script&gt;&amp;&#39;"));
        assert_eq!(write(Template::SignInCode, "nl", &Values::new()), Err(Unwritable));
    }
}
