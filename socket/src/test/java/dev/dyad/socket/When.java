package dev.dyad.socket;

/// When there is what an operation waits for.
enum When {
    BEFORE,
    MEANWHILE,
    TOO_LATE
}
