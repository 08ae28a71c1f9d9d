package dev.dyad.process;

import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Ends the children that are alive when the JVM ends, all of them at once and each as [Child#close] does.
///
/// A JVM that is killed comes to no such end: its children find the end of their streams, and those that do not read
/// need [Command#parentDeathSignal].
final class AtExit {

    private static final Set<Child> ALIVE = ConcurrentHashMap.newKeySet();

    static {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(AtExit::endAll, "dyad-at-exit"));
        } catch (IllegalStateException ending) {
            // The JVM ends already, and waits for nothing that starts now.
        }
    }

    private AtExit() {}

    static void add(Child child) {
        ALIVE.add(child);
    }

    static void remove(Child child) {
        ALIVE.remove(child);
    }

    private interface Step {
        void take() throws IOException;
    }

    /// A child, and when it gets which signal.
    private record Ending(Child child, Deadline term, Deadline kill) {

        static Ending of(Child child) {
            Patience patience = child.patience();
            return new Ending(child, Deadline.after(patience.untilTerm()), Deadline.after(patience.inAll()));
        }
    }

    private static void endAll() {
        List<Ending> endings = ALIVE.stream().map(Ending::of).toList();
        endings.forEach(ending -> quietly(ending.child::askToEnd));
        for (Ending ending : inOrder(endings, Ending::term)) {
            if (!ending.child.endsBy(ending.term)) {
                quietly(ending.child::terminate);
            }
        }
        for (Ending ending : inOrder(endings, Ending::kill)) {
            if (!ending.child.endsBy(ending.kill)) {
                quietly(ending.child::kill);
            }
        }
    }

    private static List<Ending> inOrder(List<Ending> endings, Function<Ending, Deadline> moment) {
        return endings.stream()
                .sorted(Comparator.comparingLong(ending -> moment.apply(ending).remainingNanos()))
                .toList();
    }

    /// What cannot be told to one child does not keep the others from hearing it.
    private static void quietly(Step step) {
        try {
            step.take();
        } catch (IOException e) {
            // as with a program that changed its user; there is nobody left to be told
        }
    }
}
