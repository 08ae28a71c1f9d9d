package dev.dyad.socket.fd;

import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The domain, type and protocol of a socket that was asked for, named for messages to people.
public record SocketKind(int domain, int type, int protocol) {

    private static final Platform OS = Platforms.current();
    private static final int FLAGS = OS.SOCK_NONBLOCK() | OS.SOCK_CLOEXEC();

    /// The errors by which a system says that it has no such socket.
    private static final Set<Errno> UNSUPPORTED = Set.of(
            Errno.EAFNOSUPPORT,
            Errno.ESOCKTNOSUPPORT,
            Errno.EPROTONOSUPPORT,
            Errno.EPROTOTYPE,
            Errno.EOPNOTSUPP,
            Errno.EINVAL);

    /// Returns the exception for a pair that could not be opened.
    ///
    /// @param supported which pairs there are
    public SystemCallException pairRefused(Errno errno, String supported) {
        return refused("socketpair", errno, supported);
    }

    /// Returns the exception for a socket that could not be opened.
    ///
    /// That a system has no sockets of a family that we know, it says best itself.
    public SystemCallException socketRefused(Errno errno) {
        boolean missing = errno.equals(Errno.EAFNOSUPPORT) && isKnownDomain();
        String domains = type == OS.SOCK_SEQPACKET() ? "AF_UNIX" : "AF_UNIX, AF_INET or AF_INET6";
        return refused("socket", errno, missing ? null : domains + " with " + typeName());
    }

    /// Where something else is missing, such as a descriptor, it does not matter for what.
    private SystemCallException refused(String call, Errno errno, @Nullable String supported) {
        if (!UNSUPPORTED.contains(errno)) {
            return new SystemCallException(call, errno);
        }
        return new SystemCallException(
                call, errno, supported == null ? toString() : this + " (supported: " + supported + ")");
    }

    private boolean isKnownDomain() {
        return domain == OS.AF_UNIX() || domain == OS.AF_INET() || domain == OS.AF_INET6();
    }

    private String domainName() {
        if (domain == OS.AF_UNIX()) {
            return "AF_UNIX";
        }
        if (domain == OS.AF_INET()) {
            return "AF_INET";
        }
        return domain == OS.AF_INET6() ? "AF_INET6" : "domain " + domain;
    }

    private String typeName() {
        int plain = type < 0 ? type : type & ~FLAGS;
        if (plain == OS.SOCK_STREAM()) {
            return "SOCK_STREAM";
        }
        if (plain == OS.SOCK_DGRAM()) {
            return "SOCK_DGRAM";
        }
        return plain == OS.SOCK_SEQPACKET() ? "SOCK_SEQPACKET" : "type " + plain;
    }

    /// Returns the names as C has them, and the protocol unless it is the default.
    @Override
    public String toString() {
        return domainName() + ", " + typeName() + (protocol == 0 ? "" : ", protocol " + protocol);
    }
}
