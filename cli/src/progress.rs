//! The progress bar of `promo run`: on standard error, only on a terminal.

use crate::console::Console;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar over the bytes of a file, or a counter where the length is unknown (standard input).
pub(crate) fn bar(console: &Console, bytes: Option<u64>) -> ProgressBar {
    // indicatif draws nothing where standard error is not a terminal; `color_err` adds NO_COLOR and TERM=dumb.
    let target = if console.color_err { ProgressDrawTarget::stderr_with_hz(10) } else { ProgressDrawTarget::hidden() };
    let (bar, template) = match bytes {
        Some(bytes) => {
            (ProgressBar::with_draw_target(Some(bytes), target), "{bar:40} {bytes}/{total_bytes} {msg} {eta}")
        }
        None => (ProgressBar::with_draw_target(None, target), "{spinner} {msg} {elapsed}"),
    };
    // A template we cannot parse would only cost the looks.
    bar.with_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()))
}
