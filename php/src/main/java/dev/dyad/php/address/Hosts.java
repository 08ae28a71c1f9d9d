package dev.dyad.php.address;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.php.Sockets;
import dev.dyad.php.convert.Values;
import dev.dyad.php.error.Errors;
import dev.dyad.php.socket.PhpSocket;
import dev.dyad.posix.ArpaInet;
import dev.dyad.posix.HostEnt;
import dev.dyad.posix.NetIf;
import dev.dyad.posix.Netdb;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.thread.BlockingCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Hosts by name, or by the text of their address.
///
/// Looking up a name may ask a server, and nothing but its answer ends that.
public final class Hosts {

    public static final int IPV4_SIZE = 4;
    static final int IPV6_SIZE = 16;

    /// Makes the look-ups for which a server may be asked.
    static final BlockingCalls LOOKUPS = new BlockingCalls("dyad-resolver", 256);

    private static final Platform OS = Platforms.current();
    private static final String FAILED = "Host lookup failed";
    private static final int LONGEST = 255;
    private static final int BUFFER = 8192;
    private static final int LARGEST_BUFFER = 1 << 20;

    private Hosts() {}

    /// Returns the address of a host, or `null` where a warning said why there is none.
    ///
    /// PHP tells `h_errno`, which a lookup that asks nobody leaves as it is: of a name that is none, such as
    /// "a b". Here it is then zero, and not what another lookup said.
    @SuppressWarnings("NullAway") // what is called says what it returns
    static byte @Nullable [] address(PhpSocket socket, String function, String host, boolean isSix) {
        byte[] literal = literal(host, isSix);
        if (literal != null) {
            return literal;
        }
        int[] error = new int[1];
        byte[] found = LOOKUPS.call(() -> {
            MemorySegment hErrno = Netdb.__h_errno_location();
            hErrno.set(ValueLayout.JAVA_INT, 0, 0);
            byte[] address = isSix ? lookUp6(host) : lookUp(host);
            error[0] = hErrno.get(ValueLayout.JAVA_INT, 0);
            return address;
        });
        if (found == null) {
            Errors.note(socket, function, FAILED, error[0] - Errors.RESOLVER);
        }
        return found;
    }

    private static byte @Nullable [] literal(String host, boolean isSix) {
        try (var arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(isSix ? IPV6_SIZE : IPV4_SIZE);
            int family = isSix ? OS.AF_INET6() : OS.AF_INET();
            int answer = ArpaInet.inet_pton(family, arena.allocateFrom(host), address); // up to a NUL, as all of C's
            return answer == 1 ? address.toArray(ValueLayout.JAVA_BYTE) : null;
        }
    }

    private static byte @Nullable [] lookUp(String host) {
        try (var arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(host);
            if (name.getString(0).getBytes(UTF_8).length > LONGEST) { // which ends with the first NUL, as C's do
                return null;
            }
            MemorySegment hErrno = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment found = arena.allocate(HostEnt.LAYOUT);
            MemorySegment result = arena.allocate(ValueLayout.ADDRESS);
            int answer = OS.errno("ERANGE");
            for (int size = BUFFER; size <= LARGEST_BUFFER && answer == OS.errno("ERANGE"); size *= 2) {
                answer = Netdb.gethostbyname_r(name, found, arena.allocate(size), result, hErrno);
            }
            boolean isFound = answer == 0 && !result.get(ValueLayout.ADDRESS, 0).equals(MemorySegment.NULL);
            return isFound ? HostEnt.address(found) : null;
        }
    }

    private static byte @Nullable [] lookUp6(String host) {
        int[] hints = {Sockets.AI_V4MAPPED | Sockets.AI_ADDRCONFIG, 0, 0, OS.AF_INET6()};
        List<FoundAddress> found = AddressLookup.find(host, null, hints, null);
        return found == null ? null : found.getFirst().host();
    }

    /// Returns the scope that an IPv6 address names behind a `%`: a number, or an interface.
    static int scope(String function, String host) {
        int percent = host.indexOf('%');
        if (percent < 0) {
            return 0;
        }
        String scope = host.substring(percent + 1);
        if (Values.number(scope) instanceof Long number) {
            return number > 0 && number <= Values.MOST_UNSIGNED ? number.intValue() : 0;
        }
        return interfaceIndex(function, scope);
    }

    /// Returns the index of an interface, or zero where a warning said that there is none.
    public static int interfaceIndex(String function, String name) {
        int index = interfaceIndex(name);
        if (index == 0) {
            Errors.warn(function, "No interface with name \"" + name + "\" could be found");
        }
        return index;
    }

    /// Returns the index of an interface, or zero.
    static int interfaceIndex(String name) {
        try (var arena = Arena.ofConfined()) {
            return NetIf.if_nametoindex(arena.allocateFrom(name));
        }
    }

    /// Returns the text of an address.
    public static String text(byte[] address) {
        try (var arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(64);
            int family = address.length == IPV4_SIZE ? OS.AF_INET() : OS.AF_INET6();
            MemorySegment _ = ArpaInet.inet_ntop(family, arena.allocateFrom(ValueLayout.JAVA_BYTE, address), text);
            return text.getString(0);
        }
    }
}
