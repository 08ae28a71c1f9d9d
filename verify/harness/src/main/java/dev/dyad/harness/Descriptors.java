package dev.dyad.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The open descriptors of this process, as `/proc` lists them.
public final class Descriptors {

    private static final Path LINKS = Path.of("/proc/self/fd");
    private static final Path INFOS = Path.of("/proc/self/fdinfo");
    private static final Set<String> WAITING = Set.of("anon_inode:[eventpoll]", "anon_inode:[eventfd]");
    private static final int O_CLOEXEC = 0x80000;
    private static final int TRIES = 3; // for a number that is closed and used again meanwhile

    private Descriptors() {}

    /// Returns what is open now by its number, or nothing on a system without `/proc`.
    public static Map<Integer, Descriptor> open() {
        var open = new TreeMap<Integer, Descriptor>();
        for (Path number : numbers()) {
            describe(number, TRIES).ifPresent(descriptor -> open.put(descriptor.fd(), descriptor));
        }
        return open;
    }

    /// Returns what is open now by its number, for callers that look often: no more than what it stands for.
    public static Map<Integer, String> targets() {
        var targets = new TreeMap<Integer, String>();
        for (Path number : numbers()) {
            try {
                Path target = Files.readSymbolicLink(LINKS.resolve(number));
                targets.put(Integer.valueOf(number.toString()), target.toString());
            } catch (IOException e) {
                // closed meanwhile
            }
        }
        return targets;
    }

    /// Returns what is open now by its number, without what waiting takes: an event queue and a wake descriptor come
    /// with a thread that waits for others, and go when it has been idle for a moment.
    public static Map<Integer, String> held() {
        Map<Integer, String> held = targets();
        held.values().removeIf(WAITING::contains);
        return held;
    }

    /// Lists them all before the first is looked at: by then the listing's own descriptor is closed, and not found.
    private static List<Path> numbers() {
        if (!Files.isDirectory(LINKS)) {
            return List.of();
        }
        try (Stream<Path> links = Files.list(LINKS)) {
            return links.map(Path::getFileName).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Descriptor> describe(Path number, int tries) {
        try {
            String target = Files.readSymbolicLink(LINKS.resolve(number)).toString();
            int flags = flags(Files.readAllLines(INFOS.resolve(number)));
            return Optional.of(
                    new Descriptor(Integer.parseInt(number.toString()), target, (flags & O_CLOEXEC) == O_CLOEXEC));
        } catch (IOException e) {
            if (!Files.exists(LINKS.resolve(number), LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty(); // closed meanwhile
            }
            if (tries == 1) {
                throw new UncheckedIOException(e);
            }
            return describe(number, tries - 1); // another one
        }
    }

    private static int flags(List<String> info) throws IOException {
        for (String line : info) {
            if (line.startsWith("flags:")) {
                return Integer.parseInt(line.substring("flags:".length()).strip(), 8);
            }
        }
        throw new IOException("no flags in " + info);
    }
}
