//! The way out: one pool of connections to the mail server.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use actix_web::http::Uri;
use chrono::{DateTime, Utc};
use lettre::address::Address;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{Error as SmtpError, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use tokio::sync::Notify;
use uuid::Uuid;

use super::template::Content;
use crate::config::Config;

/// How long the mail server may take for one step.
const STEP: Duration = Duration::from_secs(20);
/// How long it may take for a whole mail.
const WHOLE: Duration = Duration::from_mins(1);
/// Connections at once.
const CONNECTIONS: u32 = 4;

/// How the server did not take a mail; a word for the log, without a name or an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// Another time it may.
    ForNow(&'static str),
    /// It never will.
    ForGood(&'static str),
}

/// Where mails go out, and who wakes whoever sends them.
pub(crate) struct Post {
    sender: Option<Sender>,
    wake: Notify,
    closing: AtomicBool,
}

struct Sender {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    reply_to: Option<Mailbox>,
}

/// Mail that a program sends by itself says so, and gets no automatic answers (RFC 3834).
#[derive(Debug, Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl Post {
    /// The way out that is configured.
    ///
    /// # Errors
    /// When an address can't be used; it names the key and not the value.
    pub(crate) fn open(config: &Config) -> Result<Self, &'static str> {
        let sender = if config.mail.is_on() { Some(Sender::open(config)?) } else { None };
        Ok(Self { sender, wake: Notify::new(), closing: AtomicBool::new(false) })
    }

    pub(super) fn is_on(&self) -> bool {
        self.sender.is_some()
    }

    /// Says that a mail waits.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Until a mail waits, or it is time to stop.
    pub(super) async fn woken(&self) {
        self.wake.notified().await;
    }

    /// No mail is begun any more.
    pub(crate) fn close(&self) {
        self.closing.store(true, Ordering::SeqCst);
        self.wake();
    }

    pub(super) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }

    /// Sends a mail. Its `Message-ID` is made of the id, so that one that comes
    /// twice can be known.
    pub(super) async fn send(
        &self,
        (id, to): (Uuid, Address),
        content: Content,
        now: DateTime<Utc>,
    ) -> Result<(), Refused> {
        let sender = self.sender.as_ref().ok_or(Refused::ForNow("mail is off"))?;
        let message = sender.message((id, to), content, now).map_err(|_| Refused::ForGood("unwritable"))?;
        match tokio::time::timeout(WHOLE, sender.transport.send(message)).await {
            Ok(Ok(_taken)) => Ok(()),
            Ok(Err(error)) => Err(refusal(&error)),
            Err(_) => Err(Refused::ForNow("timeout")),
        }
    }
}

impl Sender {
    fn open(config: &Config) -> Result<Self, &'static str> {
        let url = &config.mail.smtp_url;
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|_| "mail.smtp_url: not an address of a mail server")?
            .timeout(Some(STEP))
            .pool_config(PoolConfig::new().max_size(CONNECTIONS).idle_timeout(Duration::from_mins(1)));
        if let Some(name) = own_name(config) {
            transport = transport.hello_name(ClientId::Domain(name));
        }
        let mailbox = |text: &str, wrong| text.parse::<Mailbox>().map_err(|_| wrong);
        let reply_to = config.mail.reply_to.as_deref().filter(|text| !text.is_empty());
        Ok(Self {
            transport: transport.build(),
            from: mailbox(&config.mail.from, "mail.from: not an address")?,
            reply_to: reply_to.map(|text| mailbox(text, "mail.reply_to: not an address")).transpose()?,
        })
    }

    fn message(
        &self,
        (id, to): (Uuid, Address),
        content: Content,
        now: DateTime<Utc>,
    ) -> Result<Message, lettre::error::Error> {
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(content.subject)
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .date(SystemTime::from(now))
            .header(AutoSubmitted);
        if let Some(reply_to) = &self.reply_to {
            message = message.reply_to(reply_to.clone());
        }
        message.multipart(MultiPart::alternative_plain_html(content.text, content.html))
    }
}

/// The name by which the service greets the mail server: its own, unless the
/// address of the server says another.
fn own_name(config: &Config) -> Option<String> {
    let told = config.mail.smtp_url.parse::<Uri>().is_ok_and(|url| url.path().len() > 1);
    let own = config.server.public_url.parse::<Uri>().ok()?.host()?.to_owned();
    let is_name = own.contains('.') && own.chars().any(|one| one.is_ascii_alphabetic()) && !own.starts_with('[');
    (is_name && !told).then_some(own)
}

/// What the server's own words say may hold an address: only its number is kept.
fn refusal(error: &SmtpError) -> Refused {
    let number = error.status().map(u16::from);
    match number {
        // That we may not send at all is for the operator to mend.
        Some(530 | 534 | 535 | 538) => Refused::ForNow("not allowed to send"),
        Some(550 | 551 | 553 | 556) => Refused::ForGood("recipient refused"),
        Some(500..) => Refused::ForGood("refused"),
        Some(_) => Refused::ForNow("not now"),
        None if error.is_timeout() => Refused::ForNow("timeout"),
        None if error.is_tls() => Refused::ForNow("no safe connection"),
        None => Refused::ForNow("no connection"),
    }
}
