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
final class Victims {

    private final List<Victim> all = new ArrayList<>(); // guarded by this
    private final LongAdder killed = new LongAdder();

    /// Somebody who may be killed, until this is closed.
    final class Victim implements AutoCloseable {

        private final Attack attack;
        private volatile boolean wasAttacked;

        private Victim(Attack attack) {
            this.attack = attack;
        }

        /// Returns whether somebody tried, with success or not.
        boolean wasAttacked() {
            return wasAttacked;
        }

        /// From now on it is killed by nobody.
        void spare() {
            synchronized (Victims.this) {
                all.remove(this);
            }
        }

        @Override
        public void close() {
            spare();
        }
    }

    /// Kills one child.
    private interface Attack {

        /// @return whether there was one
        boolean kill(Random random) throws IOException;
    }

    Victim child(Child child) {
        return add(_ -> child.signal(Signal.KILL));
    }

    /// A pool, of which one worker at a time is killed.
    Victim pool(Workers pool) {
        return add(random -> {
            List<Worker> workers = pool.workers();
            return !workers.isEmpty()
                    && kill(workers.get(random.nextInt(workers.size())).pid());
        });
    }

    /// A pid may have become a stranger's by now: ours alone are signalled.
    private static boolean kill(long pid) {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.pid() == pid)
                .map(ProcessHandle::destroyForcibly)
                .reduce(false, Boolean::logicalOr);
    }

    private synchronized Victim add(Attack attack) {
        var victim = new Victim(attack);
        all.add(victim);
        return victim;
    }

    /// Kills one of them, if there is any.
    ///
    /// Under the lock, so that none is killed that is closed already.
    synchronized void killOne(Random random) throws IOException {
        if (all.isEmpty()) {
            return;
        }
        Victim victim = all.get(random.nextInt(all.size()));
        victim.wasAttacked = true;
        if (victim.attack.kill(random)) {
            killed.increment();
        }
    }

    long killed() {
        return killed.sum();
    }
}
