package dev.dyad.soak;

import dev.dyad.process.Child;
import dev.dyad.process.Signal;
import dev.dyad.worker.Worker;
import dev.dyad.worker.Workers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;

/// The children that may be killed at any moment.
final class KillTargets {

    private final List<Target> all = new ArrayList<>(); // guarded by this
    private final LongAdder killed = new LongAdder();

    /// What may be killed, until this is closed.
    final class Target implements AutoCloseable {

        private final Kill kill;
        private volatile boolean wasTargeted;

        private Target(Kill kill) {
            this.kill = kill;
        }

        /// Returns whether somebody tried, with success or not.
        boolean wasTargeted() {
            return wasTargeted;
        }

        /// From now on it is killed by nobody.
        void withdraw() {
            synchronized (KillTargets.this) {
                all.remove(this);
            }
        }

        @Override
        public void close() {
            withdraw();
        }
    }

    /// How one child of it is killed.
    private interface Kill {

        /// @return whether there was one
        boolean now(Random random) throws IOException;
    }

    Target child(Child child) {
        return add(_ -> child.signal(Signal.KILL));
    }

    /// A pool, of which one worker at a time is killed.
    Target pool(Workers pool) {
        return add(random -> {
            List<Worker> workers = pool.workers();
            return !workers.isEmpty()
                    && kill(workers.get(random.nextInt(workers.size())).pid());
        });
    }

    /// A pid may be another process's by now: only children of this process are signalled.
    private static boolean kill(long pid) {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.pid() == pid)
                .map(ProcessHandle::destroyForcibly)
                .reduce(false, Boolean::logicalOr);
    }

    private synchronized Target add(Kill kill) {
        var target = new Target(kill);
        all.add(target);
        return target;
    }

    /// Kills one of them, if there is any.
    ///
    /// Under the lock, so that none is killed that is closed already.
    synchronized void killOne(Random random) throws IOException {
        if (all.isEmpty()) {
            return;
        }
        Target target = all.get(random.nextInt(all.size()));
        target.wasTargeted = true;
        if (target.kill.now(random)) {
            killed.increment();
        }
    }

    long killed() {
        return killed.sum();
    }
}
