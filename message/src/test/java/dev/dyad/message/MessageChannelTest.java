package dev.dyad.message;

import java.io.IOException;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Nested;

/// Channels over each kind of end, on each kind of thread.
class MessageChannelTest {

    abstract static class Kind implements ChannelContract {

        private final Line.Opener opener;
        private final ThreadFactory threads;

        Kind(Line.Opener opener, Thread.Builder threads) {
            this.opener = opener;
            this.threads = threads.factory();
        }

        @Override
        public Line open(Wire wire) throws IOException {
            return opener.open(wire);
        }

        @Override
        public ThreadFactory threads() {
            return threads;
        }
    }

    @Nested
    class OverSocketsOnPlatformThreads extends Kind {
        OverSocketsOnPlatformThreads() {
            super(Line::ofSockets, Thread.ofPlatform());
        }
    }

    @Nested
    class OverSocketsOnVirtualThreads extends Kind {
        OverSocketsOnVirtualThreads() {
            super(Line::ofSockets, Thread.ofVirtual());
        }
    }

    @Nested
    class OverPipesOnPlatformThreads extends Kind {
        OverPipesOnPlatformThreads() {
            super(Line::ofPipes, Thread.ofPlatform());
        }
    }

    @Nested
    class OverPipesOnVirtualThreads extends Kind {
        OverPipesOnVirtualThreads() {
            super(Line::ofPipes, Thread.ofVirtual());
        }
    }
}
