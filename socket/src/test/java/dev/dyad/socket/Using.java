package dev.dyad.socket;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Something is done with what is open.
///
/// @param <T> what it is
final class Using<T extends Closeable> extends Stage {

    private final T thing;
    private final Use<T> use;
    private final Check<T> check;

    /// What is done.
    @FunctionalInterface
    interface Use<T> {
        void of(T thing) throws Exception;
    }

    /// What has to be true afterwards.
    @FunctionalInterface
    interface Check<T> {
        void of(T thing, @Nullable Throwable thrown) throws Exception;
    }

    Using(T thing, Use<T> use) {
        this(thing, use, (_, _) -> {});
    }

    Using(T thing, Use<T> use, Check<T> check) {
        this.thing = thing;
        this.use = use;
        this.check = check;
    }

    @Override
    void run() throws Exception {
        use.of(thing);
    }

    @Override
    void verify(@Nullable Throwable thrown) throws Exception {
        check.of(thing, thrown);
    }

    @Override
    public void close() throws IOException {
        thing.close();
    }
}
