package dev.dyad.socket.fd;

import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SockAddrIn;
import dev.dyad.posix.SockAddrIn6;
import dev.dyad.posix.SockAddrStorage;
import dev.dyad.posix.SockAddrUn;
import dev.dyad.socket.UnixAddress;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Addresses as the kernel has them, and as Java has them.
public final class SocketAddresses {

    private static final Platform OS = Platforms.current();
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1}; // before the bytes of an IPv4 address

    private static final int IPV4_SIZE = 4;

    private SocketAddresses() {}

    /// Returns the family of sockets that an address is for.
    ///
    /// @throws UnsupportedAddressTypeException if it is of a kind that we do not know
    /// @throws UnresolvedAddressException if it is a name that is not resolved
    public static int family(SocketAddress address) {
        return switch (address) {
            case UnixAddress _, UnixDomainSocketAddress _ -> OS.AF_UNIX();
            case InetSocketAddress inet -> host(inet) instanceof Inet4Address ? OS.AF_INET() : OS.AF_INET6();
            default -> throw new UnsupportedAddressTypeException();
        };
    }

    /// Returns an address as a message names it, also one that has no name.
    static String text(SocketAddress address) {
        String text = address.toString();
        return text.isEmpty() ? "the address without a name" : text;
    }

    /// Returns an address of the JDK's channels as one of ours.
    public static SocketAddress of(SocketAddress address) {
        return address instanceof UnixDomainSocketAddress jdk ? unix(jdk) : address;
    }

    /// Writes an address for a socket of a family.
    ///
    /// @return how many bytes it takes
    /// @throws UnsupportedAddressTypeException if the family has no such address
    public static int put(MemorySegment target, SocketAddress address, int family) {
        Objects.requireNonNull(address);
        if (address instanceof InetSocketAddress inet) {
            return put(target, inet, family);
        }
        if (family != OS.AF_UNIX()) {
            throw new UnsupportedAddressTypeException();
        }
        UnixAddress unix = address instanceof UnixDomainSocketAddress jdk ? unix(jdk) : unix(address);
        return SockAddrUn.set(target.asSlice(0, SockAddrUn.LAYOUT), family, sunPath(unix));
    }

    /// Reads an address of `length` bytes.
    ///
    /// @return the address, or `null` if there is none
    public static @Nullable SocketAddress get(MemorySegment source, int length) {
        int family = length < Short.BYTES ? OS.AF_UNSPEC() : SockAddrStorage.family(source);
        if (family == OS.AF_UNIX()) {
            return unix(SockAddrUn.path(source.asSlice(0, SockAddrUn.LAYOUT), length));
        }
        if (family == OS.AF_INET()) {
            return new InetSocketAddress(host(SockAddrIn.host(source), 0), SockAddrIn.port(source));
        }
        if (family == OS.AF_INET6()) {
            return new InetSocketAddress(
                    host(SockAddrIn6.host(source), SockAddrIn6.scope(source)), SockAddrIn6.port(source));
        }
        return null;
    }

    private static int put(MemorySegment target, InetSocketAddress address, int family) {
        InetAddress host = host(address);
        if (family == OS.AF_INET() && host instanceof Inet4Address) {
            return put(target, host.getAddress(), address.getPort(), 0);
        }
        if (family == OS.AF_INET6()) {
            byte[] bytes = host instanceof Inet6Address ? host.getAddress() : mapped(host.getAddress());
            int scope = host instanceof Inet6Address six ? six.getScopeId() : 0;
            return put(target, bytes, address.getPort(), scope);
        }
        throw new UnsupportedAddressTypeException();
    }

    /// Writes an address of the Internet, of the family that has hosts of so many bytes.
    ///
    /// @return how many bytes it takes
    public static int put(MemorySegment target, byte[] host, int port, int scope) {
        return host.length == IPV4_SIZE
                ? SockAddrIn.set(target.asSlice(0, SockAddrIn.LAYOUT), OS.AF_INET(), host, port)
                : SockAddrIn6.set(target.asSlice(0, SockAddrIn6.LAYOUT), OS.AF_INET6(), host, port, scope);
    }

    /// Returns the host in an address of the Internet, or `null` where it is of another family; it has room for the
    /// shorter one of the two at least.
    public static byte @Nullable [] host(MemorySegment source) {
        int family = SockAddrIn.family(source); // which is where every address has it
        if (family == OS.AF_INET()) {
            return SockAddrIn.host(source);
        }
        return family == OS.AF_INET6() ? SockAddrIn6.host(source) : null;
    }

    /// Returns the port in an address of the Internet, which is in the same place in both families.
    public static int port(MemorySegment source) {
        return SockAddrIn.port(source);
    }

    private static InetAddress host(InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new UnresolvedAddressException();
        }
        return address.getAddress();
    }

    /// Returns what `sun_path` is to hold: nothing, or a zero byte and an abstract name, or a path.
    public static byte[] sunPath(UnixAddress address) {
        byte[] name = address.bytes();
        if (!address.isAbstract()) {
            return name;
        }
        var whole = new byte[name.length + 1];
        System.arraycopy(name, 0, whole, 1, name.length);
        return whole;
    }

    /// Returns the address of what `sun_path` held.
    private static UnixAddress unix(byte[] sunPath) {
        if (sunPath.length == 0) {
            return UnixAddress.unnamed();
        }
        if (sunPath[0] == 0) {
            return UnixAddress.ofAbstract(Arrays.copyOfRange(sunPath, 1, sunPath.length));
        }
        boolean padded = sunPath.length > 1 && sunPath[sunPath.length - 1] == 0;
        return UnixAddress.ofPath(padded ? Arrays.copyOf(sunPath, sunPath.length - 1) : sunPath);
    }

    private static UnixAddress unix(UnixDomainSocketAddress address) {
        Path path = address.getPath();
        return path.toString().isEmpty() ? UnixAddress.unnamed() : UnixAddress.of(path);
    }

    private static UnixAddress unix(SocketAddress address) {
        if (address instanceof UnixAddress unix) {
            return unix;
        }
        throw new UnsupportedAddressTypeException();
    }

    /// What is bound to the IPv4 wildcard address stays what it is: `::ffff:0.0.0.0`, and not `::`.
    private static byte[] mapped(byte[] four) {
        byte[] six = Arrays.copyOf(MAPPED, MAPPED.length + four.length);
        System.arraycopy(four, 0, six, MAPPED.length, four.length);
        return six;
    }

    private static InetAddress host(byte[] bytes, int scope) {
        try {
            return scope == 0 ? InetAddress.getByAddress(bytes) : Inet6Address.getByAddress(null, bytes, scope);
        } catch (UnknownHostException e) {
            throw new AssertionError(e); // of no length but 4 and 16
        }
    }
}
