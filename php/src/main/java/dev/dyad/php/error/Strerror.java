package dev.dyad.php.error;

import dev.dyad.posix.Platforms;

/// The text of an error number: the C library's, or below -10000 the resolver's.
public final class Strerror {

    /// From here down an error is the resolver's, by its `h_errno`.
    public static final int RESOLVER = -10_000;

    private Strerror() {}

    public static String text(int errno) {
        return errno < RESOLVER ? resolverText(errno) : Platforms.current().errnoText(errno);
    }

    private static String resolverText(int errno) {
        return switch (errno) {
            case RESOLVER - 1 -> "Unknown host";
            case RESOLVER - 2 -> "Host name lookup failure";
            case RESOLVER - 3 -> "Unknown server error";
            case RESOLVER - 4 -> "No address associated with name";
            default -> "Unknown resolver error";
        };
    }
}
