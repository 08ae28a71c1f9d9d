package dev.dyad.php;

import static dev.dyad.php.Sockets.AF_INET;
import static dev.dyad.php.Sockets.AF_INET6;
import static dev.dyad.php.Sockets.AF_UNIX;
import static dev.dyad.php.Sockets.SOCK_CLOEXEC;
import static dev.dyad.php.Sockets.SOCK_NONBLOCK;

/// What PHP itself says of the domain and the type of a new socket; the rest is for the kernel to refuse.
final class Domains {

    /// PHP looks at the upper bound only.
    private static final int HIGHEST_TYPE = 10;

    private Domains() {}

    static void require(int domain, String function) {
        if (domain != AF_UNIX && domain != AF_INET6 && domain != AF_INET) {
            throw Arguments.valueError(function, 1, "domain", "must be one of AF_UNIX, AF_INET6, or AF_INET");
        }
    }

    /// The two flags are PHP 8.4's; the text is 8.2's.
    static void requireType(int type, String function) {
        if ((type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK)) > HIGHEST_TYPE) {
            throw Arguments.valueError(
                    function,
                    2,
                    "type",
                    "must be one of SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_RAW, or SOCK_RDM");
        }
    }
}
