//! The recorder's clock: a hand that never jumps beside the wall clock that may.
//!
//! Owns: the pair of readings everything else counts with. Must never read the wall clock by itself: the product
//! gives it, so that a test can turn it. Media time follows the first hand only; the second is written beside it.

/// One look at both hands, in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Since the machine started, sleep included; comparable between processes of one boot.
    pub mono_us: i64,
    /// Since 1970, UTC, as the wall clock says.
    pub utc_us: i64,
}

/// Where the recorder asks for the time.
pub trait Clock: Send + Sync {
    /// Both hands at once.
    fn moment(&self) -> Moment;
    /// Names the boot of the machine: steady readings of two processes compare only within one.
    fn boot(&self) -> String;
}

/// The kernel's steady hand beside a wall clock that the product hands in.
pub struct KernelClock<F> {
    utc_us: F,
    boot: String,
}

impl<F: Fn() -> i64 + Send + Sync> KernelClock<F> {
    /// `utc_us` answers the wall clock in microseconds since 1970.
    pub fn new(utc_us: F) -> Self {
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        Self { utc_us, boot: boot.trim().to_owned() }
    }
}

/// The kernel's steady hand in microseconds, sleep included.
pub fn steady_us() -> i64 {
    use nix::time::{ClockId, clock_gettime};
    clock_gettime(ClockId::CLOCK_BOOTTIME).map_or(0, |t| t.tv_sec() * 1_000_000 + t.tv_nsec() / 1_000)
}

impl<F: Fn() -> i64 + Send + Sync> Clock for KernelClock<F> {
    fn moment(&self) -> Moment {
        Moment { mono_us: steady_us(), utc_us: (self.utc_us)() }
    }

    fn boot(&self) -> String {
        self.boot.clone()
    }
}
