//! What stands at the head of the document.

use utoipa::openapi::security::{ClientCredentials, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Scopes, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ComponentsBuilder, ContactBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, ServerBuilder,
};
use utoipa::{PartialSchema as _, ToSchema};

use crate::access::oauth::for_clients;
use crate::web::problem::{FaultPlace, ProblemDocument, ProblemError};

/// Where clients get their tokens; a running service says its own.
pub(super) const TOKEN_URL: &str = "https://klankbord.example/oauth/token";

/// The tags, small and named by task.
const TAGS: &[(&str, &str)] = &[
    ("Sign in", "Sign in and out, and see who you are. Aanmelden en afmelden."),
    ("Roles", "Accounts, and who may do what where. Rollen geven en intrekken."),
    ("Machines", "Clients of an organisation, and what they call with. Koppelingen met andere systemen."),
    ("Audit", "Who did what, and who saw what about whom. Het controlespoor."),
    ("Organisations", "Municipalities, care providers, client organisations, and their regions. Organisaties."),
    ("Information", "Rights, procedures, where to go: public pages. Informatie over rechten en procedures."),
    ("Programmes", "The frame: partners, pillars, phases, milestones, documents. Programma's."),
    ("Networks", "People who participate together, and how they are composed. Netwerken en raden."),
    ("Participants", "People who take part, with or without an account. Deelnemers."),
    ("Memberships", "Who takes part in which network, as what. Lidmaatschappen."),
    ("Consultations", "Ask: one subject put to people. Participatierondes."),
    ("Asking", "Draw a sample, remind, call and visit: how people come to answer. Steekproef, herinnering, bellijst."),
    ("Answers", "Answer, and what came of it in figures. Antwoorden en uitkomsten."),
    ("Themes and quotes", "Put themes on what people wrote, and quote them. Coderen, thema's en citaten."),
    ("Report-backs", "Hear what was done with it. Terugkoppelingen."),
    ("Feedback", "What people bring themselves. Inbreng."),
    ("Privacy", "Consent, and what personal data is used for. Toestemming en persoonsgegevens."),
    ("Agreements", "What people and organisations promise each other, and what was kept. Afspraken."),
    ("Recruitment", "Campaigns by which people are sought, and what came of them. Werving."),
    ("Experience", "What people can bring, requests for it, and approaches. Ervaring."),
    ("Compensation", "Rates, claims, and what each perspective gets. Vergoedingen en declaraties."),
    ("My desk", "What is asked of me, and what became of mine. Mijn bureau."),
];

const ABOUT: &str = "\
The open API for client participation in Dutch youth care, health and social work: people are asked, answer safely, \
bring their own ideas, and hear what was done with it.\n\n\
**Nederlands.** De open API voor cliëntparticipatie. De namen zijn Engels; de woordenlijst in de documentatie zet er de \
Nederlandse termen naast en zegt waarom. Teksten die mensen lezen staan er in het Nederlands, in begrijpelijk Nederlands \
(`nl-simple`) en in elke andere taal die u erbij zet.\n\n\
**One contract for every operation.** Lists: `limit` and `cursor`. Changes: `If-Match` with the `etag` that you read. \
Repeats: `Idempotency-Key`. Errors: `application/problem+json`, all faults at once, with a stable `code`. Empty fields \
are left out, never null; in a PATCH (JSON Merge Patch) null clears. Clients must accept words that lists of values \
marked `x-extensible-enum` grow by. A major version only grows; an old one is served for at least twelve months after \
the next has come.";

/// The document without operations.
pub(super) fn frame() -> OpenApi {
    let contact = ContactBuilder::new()
        .name(Some("Klankbord"))
        .url(Some("https://klankbord.example/"))
        .email(Some("api@klankbord.example"));
    let license = LicenseBuilder::new().name("EUPL-1.2").identifier(Some("EUPL-1.2"));
    let info = InfoBuilder::new()
        .title("Klankbord")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .contact(Some(contact.build()))
        .license(Some(license.build()));
    let tags = TAGS.iter().map(|(name, about)| TagBuilder::new().name(*name).description(Some(*about)).build());
    let servers =
        [ServerBuilder::new().url("https://klankbord.example/v1").description(Some("An installation")).build()];
    OpenApiBuilder::new()
        .info(info.build())
        .servers(Some(servers))
        .tags(Some(tags))
        .components(Some(components().build()))
        .build()
}

fn components() -> ComponentsBuilder {
    let bearer = |about: &str, format: &str| {
        SecurityScheme::Http(
            HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format(format).description(Some(about)).build(),
        )
    };
    let scopes = for_clients().map(|scope| (scope.code(), scope.meaning()));
    let grant = Flow::ClientCredentials(ClientCredentials::new(TOKEN_URL, scopes.collect::<Scopes>()));
    let oauth2 = SecurityScheme::OAuth2(OAuth2::with_description(
        [grant],
        "A client's access token, bought with its id and secret (RFC 6749 §4.4); it holds ten minutes.",
    ));
    ComponentsBuilder::new()
        .schema(ProblemDocument::name(), ProblemDocument::schema())
        .schema("ProblemError", ProblemError::schema())
        .schema(FaultPlace::name(), FaultPlace::schema())
        .security_scheme(
            "bearer",
            bearer(
                "A person's access token: what signing in gives. Checked as RFC 8725 asks; sent in the header only.",
                "JWT",
            ),
        )
        .security_scheme("oauth2", oauth2)
        .security_scheme("apiKey", bearer("A client's API key: it is itself the bearer token.", "kb_…"))
        .security_scheme(
            "linkToken",
            bearer("A token made for one thing: a one-time sign-in code, a refresh token, a kiosk's token.", "opaque"),
        )
}
