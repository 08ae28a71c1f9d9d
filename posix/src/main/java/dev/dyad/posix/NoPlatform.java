package dev.dyad.posix;

import dev.dyad.posix.linux.Linux;

/// Linux's numbers without Linux's calls, for where no native call can be made.
final class NoPlatform extends Linux {

    private final String reason;

    NoPlatform(String reason) {
        this.reason = reason;
    }

    @Override
    public String whyNotNative() {
        return reason;
    }
}
