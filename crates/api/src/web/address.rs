//! Where a request comes from: the peer, or what a trusted proxy says of it.

use std::net::{IpAddr, SocketAddr};

use actix_web::HttpRequest;
use ipnet::IpNet;

/// The header in which proxies write whom they speak for, the nearest last.
const FORWARDED: &str = "x-forwarded-for";

/// The address that the request comes from; none when it didn't come over a
/// network. What a peer says that is no trusted proxy is passed over, because
/// anybody can write that header.
pub fn of(request: &HttpRequest, trusted: &[IpNet]) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip().to_canonical();
    let lines = request.headers().get_all(FORWARDED).filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
    Some(nearest_stranger(peer, &hops, trusted))
}

/// Walks from the nearest hop outwards as long as the hops are trusted. What
/// can't be read ends the walk at the last hop that could.
fn nearest_stranger(peer: IpAddr, hops: &[&str], trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    let mut at = peer;
    for hop in hops.iter().rev() {
        if !is_trusted(&at) {
            break;
        }
        let Some(next) = read(hop) else { break };
        at = next;
    }
    at
}

/// An address, with or without a port, as proxies write it.
fn read(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let bare = hop.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(hop);
    let address = bare.parse().ok().or_else(|| Some(hop.parse::<SocketAddr>().ok()?.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(peer: &str, header: &str) -> String {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "2001:db8:1::/48".parse().unwrap()];
        let hops: Vec<&str> = header.split(',').filter(|hop| !hop.is_empty()).collect();
        nearest_stranger(peer.parse().unwrap(), &hops, &trusted).to_string()
    }

    #[test]
    fn the_right_most_hop_that_is_not_trusted_is_the_address() {
        for (peer, header, address) in [
            ("10.0.0.1", "", "10.0.0.1"),
            ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
            ("10.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),
            ("10.0.0.1", "198.51.100.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
            ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
            ("10.0.0.1", "203.0.113.7:4711", "203.0.113.7"),
            ("2001:db8:1::1", "[2001:db8:2::7]:4711", "2001:db8:2::7"),
            ("2001:db8:1::1", "[2001:db8:2::7]", "2001:db8:2::7"),
            ("10.0.0.1", "::ffff:203.0.113.7", "203.0.113.7"),
        ] {
            assert_eq!(walk(peer, header), address, "{peer} {header}");
        }
    }

    #[test]
    fn an_untrusted_peer_is_the_address_whatever_it_says() {
        assert_eq!(walk("192.0.2.1", "203.0.113.7"), "192.0.2.1");
        assert_eq!(walk("192.0.2.1", "10.0.0.2, 10.0.0.1"), "192.0.2.1");
    }

    #[test]
    fn what_cannot_be_read_ends_the_walk() {
        for garbage in ["unknown", "_hidden", "999.1.1.1", "", " ", "203.0.113.7.example"] {
            assert_eq!(walk("10.0.0.1", &format!("198.51.100.1, {garbage}, 10.0.0.2")), "10.0.0.2", "{garbage}");
        }
    }
}
