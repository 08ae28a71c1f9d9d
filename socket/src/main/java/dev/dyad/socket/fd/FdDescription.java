package dev.dyad.socket.fd;

import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.UnixAddress;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;

/// Says of an open descriptor which one it is, for messages to people.
final class FdDescription {

    private static final Platform OS = Platforms.current();

    private FdDescription() {}

    /// Returns its number, and what the system says that it is.
    static String of(int raw) {
        String number = "descriptor " + raw;
        try {
            return number + " (" + Files.readSymbolicLink(OpenDescriptors.link(raw)) + ")";
        } catch (IOException | UnsupportedOperationException e) {
            return number; // the system does not say
        }
    }

    /// Returns the same, and of a socket the type and the names.
    static String of(Fd ends) {
        String number = of(ends.fd.number());
        return ends.family() == Fd.NO_SOCKET ? number : number + ", " + type(ends) + names(ends);
    }

    private static String type(Fd ends) {
        return family(ends.family()) + " " + type(ends.type());
    }

    private static String family(int family) {
        return family == OS.AF_UNIX()
                ? "UNIX"
                : family == OS.AF_INET() ? "IPv4" : family == OS.AF_INET6() ? "IPv6" : "family " + family;
    }

    private static String type(int type) {
        return type == OS.SOCK_STREAM()
                ? "stream"
                : type == OS.SOCK_DGRAM() ? "datagram" : type == OS.SOCK_SEQPACKET() ? "seqpacket" : "type " + type;
    }

    private static String names(Fd ends) {
        try {
            SocketAddress remote = SocketNames.remote(ends);
            return name(", at ", SocketNames.local(ends)) + (remote == null ? "" : name(", connected to ", remote));
        } catch (IOException e) {
            return ""; // the peer has gone, with its name
        }
    }

    private static String name(String before, SocketAddress address) {
        return address instanceof UnixAddress unix && unix.isUnnamed() ? "" : before + address;
    }
}
