//! The server: routes, middleware, and how it starts and stops.

use std::net::SocketAddr;
use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::dev::{ServerHandle, Service as _, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, init_service};
use actix_web::web::{self, Data};
use actix_web::{App as Service, HttpServer};
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use tokio::task::JoinHandle;

use crate::app::{App, BuildError};
use crate::web::envelope::envelope;
use crate::web::problem::Problem;
use crate::web::routes::Routes;
use crate::web::{gate, health};
use crate::{
    access, agreements, compensation, consultations, experience, feedback, networks, organisations, participants,
    privacy, programmes, recruitment,
};

/// How long a stop waits for requests that were accepted: longer than any may take.
const DRAIN_SECONDS: u64 = 20;
/// How long it waits for mails that are being sent. One that is cut off goes again, with the same `Message-ID`.
const MAIL_DRAIN: Duration = Duration::from_secs(5);

/// Every context's routes; the document is gathered from them, too.
pub(crate) fn contexts(to: &mut impl Routes) {
    access::routes(to);
    organisations::routes(to);
    programmes::routes(to);
    networks::routes(to);
    participants::routes(to);
    consultations::routes(to);
    feedback::routes(to);
    agreements::routes(to);
    compensation::routes(to);
    privacy::routes(to);
    recruitment::routes(to);
    experience::routes(to);
}

/// A server that runs.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// The application behind it.
    pub app: App,
    handle: ServerHandle,
    task: JoinHandle<std::io::Result<()>>,
    work: [JoinHandle<()>; 2],
    deliveries: JoinHandle<()>,
}

impl Running {
    /// Waits until the server has stopped.
    ///
    /// # Errors
    /// What stopped it, when that was a fault.
    pub async fn wait(mut self) -> std::io::Result<()> {
        let outcome = self.task.await.map_err(std::io::Error::other)?;
        self.work.iter().for_each(JoinHandle::abort);
        self.app.post.close();
        if tokio::time::timeout(MAIL_DRAIN, &mut self.deliveries).await.is_err() {
            self.deliveries.abort();
        }
        // What was written last is linked before the end, where that works.
        if let Err(failure) = self.app.link_audit().await {
            tracing::warn!(cause = %failure, "the audit trail was not linked to its end; the next start does");
        }
        outcome
    }

    /// Stops: no new requests, every accepted one answered.
    ///
    /// # Errors
    /// What went wrong on the way.
    pub async fn stop(self) -> std::io::Result<()> {
        self.handle.stop(true).await;
        self.wait().await
    }
}

/// The application as a service: its middleware and its routes. Macro, because
/// the type of a wrapped service can't be named.
macro_rules! service {
    ($data:expr) => {{
        let (for_gate, for_envelope) = ($data.clone(), $data.clone());
        Service::new()
            .app_data($data.clone())
            .wrap(from_fn(move |request, next| gate::gate(for_gate.clone(), request, next)))
            .wrap(from_fn(move |request, next| envelope(for_envelope.clone(), request, next)))
            .configure(health::routes)
            .configure(access::oauth::routes)
            .service(web::scope("/v1").configure(contexts))
            .default_service(web::to(nothing))
    }};
}

/// Starts to listen, inside a tokio runtime. SIGTERM and SIGINT stop it as [`Running::stop`] does.
///
/// # Errors
/// When the address is taken or not ours.
pub fn start(app: App) -> Result<Running, BuildError> {
    let data = Data::new(app.clone());
    let at = SocketAddr::new(app.config.server.address, app.config.server.port);
    let server = HttpServer::new(move || service!(data))
        .workers(2)
        .max_connections(2048)
        .client_request_timeout(Duration::from_secs(5))
        .client_disconnect_timeout(Duration::from_secs(1))
        .keep_alive(Duration::from_secs(15))
        .shutdown_timeout(DRAIN_SECONDS)
        .bind(at)
        .map_err(BuildError::Listen)?;
    let address = server.addrs().into_iter().next().unwrap_or(at);
    let server = server.run();
    let handle = server.handle();
    let work = [tokio::spawn(crate::work::rounds(app.clone())), tokio::spawn(crate::work::linking(app.clone()))];
    let deliveries = tokio::spawn(crate::mail::deliveries(app.clone()));
    Ok(Running { address, app, handle, task: tokio::spawn(server), work, deliveries })
}

/// Answers requests in this process, without a socket.
pub(crate) type InProcess =
    Box<dyn Fn(TestRequest) -> LocalBoxFuture<'static, Result<ServiceResponse<BoxBody>, actix_web::Error>>>;

/// The whole service without a socket: gate, contract, policy, audit and all.
pub(crate) async fn in_process(app: App) -> InProcess {
    let data = Data::new(app);
    let service = init_service(service!(data)).await;
    Box::new(move |request| service.call(request.to_request()).boxed_local())
}

async fn nothing() -> Result<actix_web::HttpResponse, Problem> {
    Err(Problem::new("route.not_found"))
}
