package dev.dyad.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.posix.Unistd;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The environment of a child: this process's own, byte for byte, with changes.
///
/// What tells a process of a descriptor that it was given is left out: the child was not given that descriptor.
final class Environment {

    static final Set<String> OURS_ALONE = Set.of(
            Inherited.FD,
            Inherited.INODE,
            "NODE_CHANNEL_FD",
            "NODE_CHANNEL_SERIALIZATION_MODE",
            "NODE_UNIQUE_ID",
            "LISTEN_FDS",
            "LISTEN_PID",
            "LISTEN_FDNAMES",
            "LISTEN_PIDFDID",
            "NOTIFY_SOCKET",
            "WAYLAND_SOCKET");

    private Environment() {}

    /// Returns entries of the form `NAME=value`.
    ///
    /// @param inherited whether to begin with this process's own, and with nothing otherwise
    /// @param changes values by their names, `null` for a variable that is left out
    /// @param own what Dyad itself tells the child
    static List<byte[]> of(boolean inherited, Map<String, @Nullable String> changes, Map<String, String> own) {
        var replaced = new HashSet<>(OURS_ALONE);
        replaced.addAll(changes.keySet());
        var entries = new ArrayList<byte[]>();
        for (byte[] entry : inherited ? Unistd.environ() : List.<byte[]>of()) {
            if (!replaced.contains(name(entry))) {
                entries.add(entry);
            }
        }
        changes.forEach((name, value) -> {
            if (value != null && !own.containsKey(name)) {
                entries.add(entry(name, value));
            }
        });
        own.forEach((name, value) -> entries.add(entry(name, value)));
        return entries;
    }

    private static String name(byte[] entry) {
        int length = 0;
        while (length < entry.length && entry[length] != '=') {
            length++;
        }
        return new String(entry, 0, length, UTF_8);
    }

    private static byte[] entry(String name, String value) {
        return (name + "=" + value).getBytes(UTF_8);
    }
}
