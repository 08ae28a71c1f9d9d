package dev.dyad.socket;

import dev.dyad.harness.Descriptors;
import dev.dyad.harness.FullTable;
import dev.dyad.posix.Platform;
import java.io.Closeable;
import java.io.IOException;

/// What the programs say that have few descriptors, or none left.
final class FewDescriptors {

    private FewDescriptors() {}

    /// Opens what takes a descriptor or two.
    interface Opening {
        Closeable open() throws IOException;
    }

    /// Loads the class files, each of which needs a descriptor the first time.
    static void load() throws Exception {
        FullTable.load(FewDescriptors.class, SocketPair.class, Platform.class, FullTable.class);
    }

    /// Says what becomes of something with 0, 1 and 2 free descriptors, with a `!` where one was lost.
    static void sayWhatOpens(Opening opening) throws Exception {
        load();
        for (int free = 0; free <= 2; free++) {
            int before = Descriptors.open().size();
            System.out.print(open(opening, free) + (Descriptors.open().size() == before ? " " : "! "));
        }
    }

    private static String open(Opening opening, int free) throws IOException {
        try (var table = FullTable.fill()) {
            table.freeLowest(free);
            return outcome(opening);
        }
    }

    /// Returns that it was opened, or the call that failed.
    static String outcome(Opening opening) throws IOException {
        try (var _ = opening.open()) {
            return "open";
        } catch (SystemCallException e) {
            return e.call() + ":" + e.errno().name();
        }
    }
}
