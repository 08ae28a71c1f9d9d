package dev.dyad.worker;

import dev.dyad.message.Exchange;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.Wire;
import dev.dyad.process.Command;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;

/// How much there is of all.
///
/// @param workers in all, one after the other
/// @param failures to start one
@NullUnmarked
record PoolSize(int least, int most, int spares, int atOnce, int requests, int workers, int failures, Set<May> may) {

    static final int GIVE_UP = 2; // after as many failures

    private static final List<Command> COMMANDS = List.of(Command.of("true"));

    /// What else may happen.
    enum May {
        /// Each second request has a key.
        HAVE_KEYS,
        /// A worker that is ready has answered nothing yet.
        BE_UNPROVEN,
        /// A worker is replaced after an answer, and else when it is large.
        BE_USED_UP,
        /// A process goes some time after it was stopped.
        END_SLOWLY,
        /// A second passes.
        PAUSE,
        /// Minutes pass, so that workers are old, or long idle.
        AGE,
        /// What has ended is asked again.
        ASK_AGAIN,
        /// Workers are reloaded, once.
        RELOAD,
        /// No more is taken.
        DRAIN,
        /// A worker is gone before it is known how, or has asked to be replaced.
        LEAVE,
        /// The JVM ends, and a hook ends the workers.
        END_WITH_JVM
    }

    boolean may(May what) {
        return may.contains(what);
    }

    int recycleAfter() {
        return may(May.BE_USED_UP) ? 1 : Integer.MAX_VALUE;
    }

    PoolSettings settings(int queue) {
        return new PoolSettings(
                COMMANDS,
                least,
                most,
                spares,
                Wire.framed(),
                Exchange.NUMBERED,
                MessageChannel.DEFAULT_LIMIT,
                queue,
                atOnce,
                0,
                GIVE_UP,
                recycleAfter(),
                PoolWorld.AGE,
                Long.MAX_VALUE,
                null,
                null,
                Duration.ZERO,
                _ -> {});
    }
}
