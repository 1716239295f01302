//! Rate limits: per caller, and per address for whoever is no known caller.
//! They hold per process; with several copies of the service each counts its own.
//!
//! Where one is over, that is told before 401: an address that tries tokens
//! learns nothing more. A good token is never held back by its address: a whole
//! town hall may stand behind one.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actix_web::HttpMessage as _;
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock as _, MonotonicClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use klankbord_domain::policy::{Access, Caller, Rule};

use super::address;
use super::problem::Problem;
use crate::app::App;
use crate::config::{Limit, Limits as Configured};

/// How many keys a limit remembers; beyond it, addresses are counted by their
/// wider net, of which there are fewer.
const MOST_KEYS: usize = 100_000;

/// The limits of this process.
pub struct Limits {
    address: Counter,
    caller: Counter,
    sign_in: Counter,
    codes: Counter,
}

/// What is left of a limit, after this request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// The limit's name in the headers.
    policy: &'static str,
    /// Requests at once.
    quota: u32,
    /// Seconds in which a used-up quota comes back whole.
    window: u64,
    /// Requests left now.
    remaining: u32,
    /// Seconds in which no more than those are left.
    reset: u64,
}

/// What the gate found, for the envelope to tell: also when the request went
/// with a handler that failed.
#[derive(Debug, Clone, Default)]
pub struct Told(Arc<OnceLock<Allowance>>);

struct Counter {
    policy: &'static str,
    quota: u32,
    /// Between two requests that come back.
    interval: Duration,
    clock: MonotonicClock,
    keyed: RateLimiter<u128, DashMapStateStore<u128>, MonotonicClock, StateInformationMiddleware>,
}

impl Limits {
    /// The limits as configured; none when they are off.
    pub fn of(configured: &Configured) -> Option<Self> {
        let Configured { enabled, address, caller, sign_in, codes } = configured;
        let made = || Self {
            address: Counter::new("address", *address),
            caller: Counter::new("caller", *caller),
            sign_in: Counter::new("sign-in", *sign_in),
            codes: Counter::new("codes", *codes),
        };
        enabled.then(made)
    }

    /// Counts a wrong secret of a machine on its address, as every call without a
    /// good token.
    ///
    /// # Errors
    /// The seconds until it may try again, where it was wrong too often.
    pub(crate) fn wrong(&self, from: IpAddr) -> Result<(), u64> {
        self.address.count_address(from).map(|_| ()).map_err(|over| over.reset)
    }

    /// Forgets whoever has their whole quota back.
    pub fn tidy(&self) {
        for counter in [&self.address, &self.caller, &self.sign_in, &self.codes] {
            counter.keyed.retain_recent();
            counter.keyed.shrink_to_fit();
        }
    }

    /// Counts a request: on its caller, or on its address.
    fn count(&self, rule: &Rule, request: &ServiceRequest, from: Option<IpAddr>, caller: Option<&Caller>) -> Counted {
        match (caller.and_then(Caller::actor), from) {
            // Apart from all else, so that nobody at this address sees that a code was used.
            (_, Some(from)) if is_unseen(rule) => Some(self.codes.count_address(from)),
            (_, Some(from)) if is_sign_in(rule, request.method()) => Some(self.sign_in.count_address(from)),
            (Some(actor), _) => Some(self.caller.count(actor.as_u128())),
            (None, Some(from)) => Some(self.address.count_address(from)),
            // Nobody over no network: the service itself.
            (None, None) => None,
        }
    }
}

/// What counting gave: still allowed, or over.
type Counted = Option<Result<Allowance, Allowance>>;

/// What changes something without an account is the way in, and what is guessed
/// at: passwords, codes, tokens.
fn is_sign_in(rule: &Rule, method: &Method) -> bool {
    matches!(rule.access, Access::Public | Access::Link) && !matches!(*method, Method::GET | Method::HEAD)
}

/// What is done with a printed code leaves nothing, nor a figure in a header.
fn is_unseen(rule: &Rule) -> bool {
    rule.access == Access::Link && rule.leaves_nothing()
}

/// Lets a request with this outcome of "who calls" on, or answers 429.
///
/// # Errors
/// 429 where a limit is over, else what was wrong with who calls.
pub(crate) fn admit<T>(
    app: &App,
    request: &ServiceRequest,
    rule: &Rule,
    (known, caller): (Result<T, Problem>, Option<&Caller>),
) -> Result<T, Problem> {
    let Some(limits) = app.limits.as_ref() else { return known };
    let from = address::of(request.request(), &app.config.server.trusted_proxies);
    let Some(counted) = limits.count(rule, request, from, caller) else { return known };
    let (Ok(left) | Err(left)) = counted;
    if let Some(told) = request.extensions().get::<Told>().filter(|_| !is_unseen(rule)) {
        // The first count is the one that holds.
        let _first = told.0.set(left);
    }
    counted.map_err(|over| Problem::limited(over.policy, over.reset))?;
    known
}

impl Counter {
    fn new(policy: &'static str, limit: Limit) -> Self {
        let count = |number: u32| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let interval = Duration::from_mins(1) / count(limit.per_minute).get();
        let quota = Quota::with_period(interval).unwrap_or_else(|| Quota::per_minute(NonZeroU32::MIN));
        let clock = MonotonicClock;
        let keyed = RateLimiter::dashmap_with_clock(quota.allow_burst(count(limit.burst)), clock.clone());
        Self { policy, quota: limit.burst, interval, clock, keyed: keyed.with_middleware() }
    }

    fn count_address(&self, address: IpAddr) -> Result<Allowance, Allowance> {
        if self.keyed.len() >= MOST_KEYS {
            return self.count(net_of(address, Width::Wide));
        }
        self.count(net_of(address, Width::Narrow))
    }

    fn count(&self, key: u128) -> Result<Allowance, Allowance> {
        match self.keyed.check_key(&key) {
            Ok(state) => {
                let remaining = state.remaining_burst_capacity();
                let used = self.quota.saturating_sub(remaining);
                Ok(self.allowance(remaining, self.interval.saturating_mul(used)))
            }
            Err(until) => Err(self.allowance(0, until.wait_time_from(self.clock.now()))),
        }
    }

    fn allowance(&self, remaining: u32, reset: Duration) -> Allowance {
        let window = whole_seconds(self.interval.saturating_mul(self.quota));
        Allowance { policy: self.policy, quota: self.quota, window, remaining, reset: whole_seconds(reset) }
    }
}

/// How widely addresses are taken together.
#[derive(Clone, Copy)]
enum Width {
    /// One address; of IPv6 the net that one subscriber has.
    Narrow,
    /// The net that a provider has.
    Wide,
}

fn net_of(address: IpAddr, width: Width) -> u128 {
    let bits = match (address, width) {
        (IpAddr::V4(_), Width::Narrow) => 128,
        (IpAddr::V4(_), Width::Wide) => 96 + 16,
        (IpAddr::V6(_), Width::Narrow) => 64,
        (IpAddr::V6(_), Width::Wide) => 32,
    };
    let whole = match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    };
    whole & u128::MAX.checked_shl(128 - bits).unwrap_or_default()
}

/// Rounded up: who waits so long never comes too early.
fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

impl Told {
    /// Writes the headers of the IETF draft `ratelimit-headers`, where the request was counted.
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        let Some(Allowance { policy, quota, window, remaining, reset }) = self.0.get() else { return };
        let fields = [
            ("ratelimit-policy", format!("\"{policy}\";q={quota};w={window}")),
            ("ratelimit", format!("\"{policy}\";r={remaining};t={reset}")),
        ];
        for (name, value) in fields {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counter(per_minute: u32, burst: u32) -> Counter {
        Counter::new("address", Limit { per_minute, burst })
    }

    #[test]
    fn what_is_left_is_told_and_then_it_is_over() {
        let counter = counter(1, 2);
        let first = counter.count(7).unwrap();
        assert_eq!(first, Allowance { policy: "address", quota: 2, window: 120, remaining: 1, reset: 60 });
        assert_eq!(counter.count(7).unwrap().remaining, 0);
        let over = counter.count(7).unwrap_err();
        assert!(over.remaining == 0 && (59..=60).contains(&over.reset), "{over:?}");
        assert_eq!(counter.count(8).unwrap().remaining, 1, "somebody else is not held back");
    }

    #[test]
    fn an_ipv6_subscriber_is_one_address_and_an_ipv4_address_is_one() {
        let narrow = |text: &str| net_of(text.parse().unwrap(), Width::Narrow);
        assert_eq!(narrow("2001:db8:1:2::1"), narrow("2001:db8:1:2:ffff::9"));
        assert_ne!(narrow("2001:db8:1:2::1"), narrow("2001:db8:1:3::1"));
        assert_ne!(narrow("192.0.2.1"), narrow("192.0.2.2"));
        let wide = |text: &str| net_of(text.parse().unwrap(), Width::Wide);
        assert_eq!(wide("192.0.2.1"), wide("192.0.200.9"));
        assert_ne!(wide("192.0.2.1"), wide("192.1.2.1"));
        assert_eq!(wide("2001:db8:1:2::1"), wide("2001:db8:ffff::1"));
    }

    #[test]
    fn whoever_has_their_quota_back_is_forgotten() {
        let quick = Limit { per_minute: 60_000, burst: 1 };
        let configured = Configured { enabled: true, address: quick, caller: quick, sign_in: quick, codes: quick };
        let limits = Limits::of(&configured).unwrap();
        for key in 0..1000 {
            let _counted = limits.address.count(key);
        }
        std::thread::sleep(Duration::from_millis(20));
        limits.tidy();
        assert!(limits.address.keyed.is_empty());
    }
}
