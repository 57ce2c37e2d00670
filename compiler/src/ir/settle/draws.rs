//! Where draws come from: a keyed hash, so that a retry draws the same prize and whoever holds the secret after the
//! campaign can verify every draw.

/// The source of draws.
pub trait Draws {
    /// 64 uniform bits for draw number `n` of a rule; `entitlement` is what gives the right to it: the code, the
    /// parties of its `once`, or the event.
    fn draw(&self, policy_key: u64, rule_number: u32, n: u32, entitlement: u128) -> u64;
}

/// Draws for production: the first 8 bytes (little endian) of keyed BLAKE3 over policy key (8 bytes), rule number
/// (4), draw number (4) and entitlement (16), all little endian.
///
/// BLAKE3 and not SipHash: the secret keeps its full 256 bits, the figure can be recomputed with any BLAKE3 tool
/// in an audit, and one compression (about 0.1 µs) is paid only by rules that draw and whose scope holds.
#[derive(Clone)]
pub struct KeyedDraws {
    secret: [u8; 32],
}

impl KeyedDraws {
    /// Draws under a campaign secret.
    pub const fn new(secret: [u8; 32]) -> KeyedDraws {
        KeyedDraws { secret }
    }
}

impl std::fmt::Debug for KeyedDraws {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The secret stays out of logs.
        f.write_str("KeyedDraws")
    }
}

impl Draws for KeyedDraws {
    fn draw(&self, policy_key: u64, rule_number: u32, n: u32, entitlement: u128) -> u64 {
        let mut message = [0u8; 32];
        let parts = policy_key.to_le_bytes().into_iter();
        let parts = parts.chain(rule_number.to_le_bytes()).chain(n.to_le_bytes()).chain(entitlement.to_le_bytes());
        message.iter_mut().zip(parts).for_each(|(to, from)| *to = from);
        let hash = blake3::keyed_hash(&self.secret, &message);
        let (head, _) = hash.as_bytes().split_first_chunk::<8>().unwrap_or((&[0; 8], &[]));
        u64::from_le_bytes(*head)
    }
}
