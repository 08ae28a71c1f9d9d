package dev.dyad.process.spawn;

import dev.dyad.posix.Linking;
import dev.dyad.posix.NativeText;
import dev.dyad.posix.Unistd;
import dev.dyad.process.inherited.InheritedSocketLookup;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The environment of a child: this process's own, byte for byte, with changes.
///
/// What tells a process of a descriptor that it was given is left out: the child was not given that descriptor.
///
/// Not for several threads at once.
public final class Environment {

    /// The variables that tell of a descriptor of this process, which no child has.
    public static final Set<String> OURS_ONLY = Set.of(
            InheritedSocketLookup.FD,
            InheritedSocketLookup.INODE,
            "NODE_CHANNEL_FD",
            "NODE_CHANNEL_SERIALIZATION_MODE",
            "NODE_UNIQUE_ID",
            "LISTEN_FDS",
            "LISTEN_PID",
            "LISTEN_FDNAMES",
            "LISTEN_PIDFDID",
            "NOTIFY_SOCKET",
            "WAYLAND_SOCKET");

    private static final String SHELL_NAME = "[A-Za-z_][A-Za-z_0-9]*";
    private static final Set<String> SHELLS_OWN = Set.of("IFS", "OPTIND", "PPID", "PWD");

    private static final long POINTER = ValueLayout.ADDRESS.byteSize();
    private static final MemorySegment NONE = MemorySegment.ofArray(new long[0]);

    private static volatile Own known = Own.of(new long[0]);

    private final Map<String, @Nullable String> changes = new LinkedHashMap<>();
    private boolean isInherited = true; // whether it begins as a copy of this process's, and empty otherwise

    /// Changes nothing.
    public Environment() {}

    public void inheritNothing() {
        isInherited = false;
    }

    /// @param value its value, or `null` for a variable that is left out
    public void set(String name, @Nullable String value) {
        changes.put(name, value);
    }

    /// Refuses what was set and would not arrive by way of a shell: that hands on variables of its own language only,
    /// and sets some itself.
    public void requireShellNames() {
        changes.forEach((name, value) -> {
            if (value != null && (!name.matches(SHELL_NAME) || SHELLS_OWN.contains(name))) {
                throw new IllegalArgumentException(
                        "the variable " + name + " would not arrive: sh, which sets the umask,"
                                + " ignores signals or looks after its parent, hands on identifiers only, and sets "
                                + String.join(", ", new TreeSet<>(SHELLS_OWN)) + " itself");
            }
        });
    }

    /// A variable of this process that its children get, too.
    private record Entry(String name, long string) {}

    /// What this process's own environment was when it was last looked through.
    ///
    /// @param seen all of its pointers
    /// @param passedOn those to what is not only of this process
    private record Own(MemorySegment seen, List<Entry> entries, MemorySegment passedOn) {

        /// Looks through it if it has changed: nobody may write over a string that is in it, so that its pointers tell.
        static Own current() {
            Own last = known;
            MemorySegment now = Unistd.environ();
            if (now.mismatch(last.seen) < 0) {
                return last;
            }
            Own own = of(now.toArray(ValueLayout.JAVA_LONG));
            known = own;
            return own;
        }

        private static Own of(long[] strings) {
            List<Entry> entries = Arrays.stream(strings)
                    .mapToObj(string -> new Entry(name(string), string))
                    .filter(entry -> !OURS_ONLY.contains(entry.name))
                    .toList();
            return new Own(MemorySegment.ofArray(strings), entries, pointers(entries.stream()));
        }

        private static String name(long string) {
            byte[] entry = Linking.bytes(MemorySegment.ofAddress(string));
            int length = 0;
            while (length < entry.length && entry[length] != '=') {
                length++;
            }
            return NativeText.text(Arrays.copyOf(entry, length));
        }

        MemorySegment without(Set<String> names) {
            return names.isEmpty() ? passedOn : pointers(entries.stream().filter(entry -> !names.contains(entry.name)));
        }

        private static MemorySegment pointers(Stream<Entry> entries) {
            return MemorySegment.ofArray(entries.mapToLong(Entry::string).toArray());
        }
    }

    /// Returns pointers to entries of the form `NAME=value`, the last of them `NULL`.
    ///
    /// What is inherited stays where it is, and is read when the child is spawned.
    ///
    /// @param told what Dyad itself tells the child
    MemorySegment strings(Arena arena, Map<String, String> told) {
        MemorySegment kept = isInherited ? Own.current().without(changes.keySet()) : NONE;
        var added = new ArrayList<String>();
        for (var change : changes.entrySet()) {
            String value = change.getValue();
            if (value != null && !told.containsKey(change.getKey())) {
                added.add(change.getKey() + "=" + value);
            }
        }
        for (var variable : told.entrySet()) {
            added.add(variable.getKey() + "=" + variable.getValue());
        }
        MemorySegment array = arena.allocate(kept.byteSize() + POINTER * (added.size() + 1L), POINTER); // zeroed
        array.copyFrom(kept);
        for (int i = 0; i < added.size(); i++) {
            array.set(ValueLayout.ADDRESS, kept.byteSize() + POINTER * i, NativeText.string(arena, added.get(i)));
        }
        return array;
    }
}
