package dev.dyad.php.open;

import static dev.dyad.php.Sockets.AF_PACKET;
import static dev.dyad.php.Sockets.SOCK_CLOEXEC;
import static dev.dyad.php.Sockets.SOCK_NONBLOCK;

import dev.dyad.php.ValueError;
import dev.dyad.php.error.Arguments;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;

/// What PHP itself says of the domain and the type of a new socket; the rest is for the kernel to refuse.
final class Domains {

    private static final Platform OS = Platforms.current();

    /// PHP looks at the upper bound only.
    private static final int HIGHEST_TYPE = 10;

    private Domains() {}

    /// Requires one that a socket can have.
    static void require(int domain, String function) {
        if (domain != AF_PACKET && !isOfPair(domain)) {
            throw wrong(function, "must be one of AF_UNIX, AF_PACKET, AF_INET6, or AF_INET");
        }
    }

    /// Requires one that a pair can be asked for.
    static void requireOfPair(int domain, String function) {
        if (!isOfPair(domain)) {
            throw wrong(function, "must be one of AF_UNIX, AF_INET6, or AF_INET");
        }
    }

    private static boolean isOfPair(int domain) {
        return domain == OS.AF_UNIX() || domain == OS.AF_INET6() || domain == OS.AF_INET();
    }

    private static ValueError wrong(String function, String text) {
        return Arguments.valueError(function, 1, "domain", text);
    }

    static void requireType(int type, String function) {
        if ((type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK)) > HIGHEST_TYPE) {
            throw Arguments.valueError(
                    function,
                    2,
                    "type",
                    "must be one of SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_RAW, or SOCK_RDM"
                            + " optionally OR'ed with SOCK_CLOEXEC, SOCK_NONBLOCK");
        }
    }
}
