package dev.dyad.php;

import dev.dyad.php.address.FoundAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// PHP's `AddressInfo`: what a lookup found. [Sockets#socket_addrinfo_explain] tells what is in it.
///
/// Immutable.
///
/// {@snippet file="dev/dyad/php/examples/SocketsExamplesTest.java" region="address-info"}
public final class AddressInfo {

    private final FoundAddress found;

    private AddressInfo(FoundAddress found) {
        this.found = found;
    }

    /// Returns what a program is given for what a lookup found, or `null` for nothing.
    static @Nullable List<AddressInfo> of(@Nullable List<FoundAddress> found) {
        return found == null
                ? null
                : found.stream().map(AddressInfo::new).collect(Collectors.toCollection(ArrayList::new));
    }

    /// Returns what was found. Null goes to where it is refused, with PHP's words.
    @SuppressWarnings("NullAway")
    static FoundAddress found(AddressInfo info) {
        return info == null ? null : info.found;
    }
}
