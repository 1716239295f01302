//! What the program makes of its configuration.

use super::program::Home;
use crate::support::On;

fn check(home: &Home, variables: &[(&str, &str)]) -> (bool, String) {
    let output = home.command(&["config", "check"]).envs(variables.iter().copied()).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

/// The file here is read by its whole name, also where the program lies beside it.
#[test]
fn the_file_here_is_read() {
    let home = Home::new(On::Sqlite).unwrap();
    std::fs::write(home.folder.path().join("klankbord"), b"\x7fELF\x00\xff").unwrap();
    assert!(check(&home, &[]).0, "a program is no configuration");
    std::fs::write(home.folder.path().join("klankbord.toml"), "[sign_in]\nsession_days = 7\n").unwrap();
    let (fine, said) = check(&home, &[]);
    assert!(fine && said.contains("sign_in.session_days = 7"), "{said}");
    std::fs::write(home.folder.path().join("klankbord.toml"), "[server]\ncolour = \"red\"\n").unwrap();
    let (fine, said) = check(&home, &[]);
    assert!(!fine && said.contains("colour"), "{said}");
}

/// Whatever is wrong with it, and when nothing is: an address with a password in
/// it is never repeated.
#[test]
fn a_password_is_not_told() {
    let home = Home::new(On::Sqlite).unwrap();
    for url in ["mysql://klankbord:sEcReT@host/db", "postgres://klankbord:sEcReT@host/db?sslpassword=sEcReT"] {
        let (_, said) = check(&home, &[("KLANKBORD_DATABASE__URL", url)]);
        assert!(said.contains("database.url") && !said.contains("sEcReT"), "{said}");
    }
    let torn = "[database]\nurl = \"postgres://klankbord:sEcReT@host/db\n";
    std::fs::write(home.folder.path().join("klankbord.toml"), torn).unwrap();
    let (fine, said) = check(&home, &[]);
    assert!(!fine && said.contains("klankbord.toml") && !said.contains("sEcReT"), "{said}");
}

/// A limit is told with its key.
#[test]
fn a_limit_is_told_by_key_and_rule() {
    let home = Home::new(On::Sqlite).unwrap();
    let wrong = [("KLANKBORD_SIGN_IN__SESSION_DAYS", "0"), ("KLANKBORD_DATABASE__POOL", "201")];
    let (fine, said) = check(&home, &wrong);
    assert!(!fine);
    assert!(
        said.contains("database.pool: range, min 1, max 200; sign_in.session_days: range, min 1, max 365"),
        "{said}"
    );
}

/// Levels that can't be read would leave the log silent.
#[test]
fn a_wrong_log_filter_is_refused() {
    let home = Home::new(On::Sqlite).unwrap();
    for (filter, sound) in [
        ("info", true),
        ("warn,klankbord_api=debug", true),
        ("off", true),
        ("inof", false),
        ("info,klankbord_api=loud", false),
        ("info debug", false),
    ] {
        let (fine, said) = check(&home, &[("KLANKBORD_LOG__FILTER", filter)]);
        assert_eq!(fine, sound, "{filter}: {said}");
        assert!(fine || said.contains("log.filter"), "{filter}: {said}");
    }
}

/// What would open the service to every page or every proxy is refused, and so is a typing mistake.
#[test]
fn the_edge_is_checked() {
    let home = Home::new(On::Sqlite).unwrap();
    for (name, key, value, sound) in [
        ("KLANKBORD_CORS__ORIGINS", "cors.origins", "https://a.example,https://b.example", true),
        ("KLANKBORD_CORS__ORIGINS", "cors.origins", "*", false),
        ("KLANKBORD_CORS__ORIGINS", "cors.origins", "https://a.example/", false),
        ("KLANKBORD_SERVER__TRUSTED_PROXIES", "trusted_proxies", "10.0.0.0/8,2001:db8::/32", true),
        ("KLANKBORD_SERVER__TRUSTED_PROXIES", "", "everybody", false),
        ("KLANKBORD_LIMITS__CALLER__BURST", "limits.caller.burst", "0", false),
        ("KLANKBORD_SERVER__SECURITY_CONTACT", "server.security_contact", "somebody", false),
    ] {
        let (fine, said) = check(&home, &[(name, value)]);
        assert_eq!(fine, sound, "{name} {value}: {said}");
        assert!(said.contains(key), "{name} {value}: {said}");
    }
    let (_, said) = check(&home, &[("KLANKBORD_CORS__ORIGINS", "https://a.example,https://b.example")]);
    assert!(said.contains(r#"cors.origins = ["https://a.example", "https://b.example"]"#), "{said}");
}

/// Mail is asked for whole, and its links keep their token out of every server's log.
#[test]
fn mail_is_configured_whole() {
    let home = Home::new(On::Sqlite).unwrap();
    let url = ("KLANKBORD_MAIL__SMTP_URL", "smtp://klankbord:sEcReT@mail.example?tls=required");
    let from = ("KLANKBORD_MAIL__FROM", "Klankbord <mail@app.example>");
    let links = |template| ("KLANKBORD_LINKS__TEMPLATE", template);
    let good = links("https://app.example/#{purpose}={token}");
    for (variables, key) in [
        (vec![url, good], "mail.from"),
        (vec![url, from], "links.template"),
        (vec![url, from, links("https://app.example/{purpose}/{token}")], "links.template"),
        (vec![url, from, links("http://app.example/#{purpose}={token}")], "links.template"),
        (vec![("KLANKBORD_MAIL__SMTP_URL", "http://klankbord:sEcReT@mail.example"), from, good], "mail.smtp_url"),
        (vec![url, ("KLANKBORD_MAIL__FROM", "nobody"), good], "mail.from"),
    ] {
        let (fine, said) = check(&home, &variables);
        assert!(!fine && said.contains(key) && !said.contains("sEcReT"), "{variables:?}: {said}");
    }
    let (fine, said) = check(&home, &[url, from, good]);
    assert!(fine && said.contains("mail.smtp_url = smtp://…@mail.example") && !said.contains("sEcReT"), "{said}");
}

/// Whom to trust is said whole, in the environment too; what would let others in is refused.
#[test]
fn issuers_are_checked() {
    let home = Home::new(On::Sqlite).unwrap();
    let keys = ["ISSUER", "AUDIENCES", "AUTHORISED_PARTIES", "TYPES"]
        .map(|key| format!("KLANKBORD_OIDC__ISSUERS__CARE__{key}"));
    let [issuer, audiences, parties, types] = keys.each_ref().map(String::as_str);
    let good = [
        (issuer, "https://login.example/realms/care"),
        (audiences, "klankbord"),
        (parties, "app, portal"),
        (types, "at+jwt,JWT"),
    ];
    let (fine, said) = check(&home, &good);
    assert!(fine && said.contains(r#"oidc.issuers.care.authorised_parties = ["app", "portal"]"#), "{said}");
    for (name, value, why) in [
        (issuer, "http://login.example", "oidc.issuers.care: issuer: neither https nor this machine"),
        (audiences, "app", "oidc.issuers.care: audiences: a client's own id"),
        (parties, "", "oidc.issuers.care: authorised_parties: needed"),
        (types, "id_token", "types"),
        ("KLANKBORD_OIDC__TIMEOUT_SECONDS", "0", "oidc.timeout_seconds: range, min 1, max 60"),
        ("KLANKBORD_OIDC__KEYS_LEAST_SECONDS", "7200", "oidc.keys_least_seconds: more than oidc.keys_most_seconds"),
    ] {
        let (fine, said) = check(&home, &[&good[..], &[(name, value)]].concat());
        assert!(!fine && said.contains(why), "{name} {value}: {said}");
    }
}
