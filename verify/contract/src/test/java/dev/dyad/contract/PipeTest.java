package dev.dyad.contract;

import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Nested;

/// The pipe of `pipe2(2)`.
class PipeTest {

    @Nested
    class OnPlatformThreads implements PipeContract {
        @Override
        public ThreadFactory threads() {
            return Thread.ofPlatform().factory();
        }
    }

    @Nested
    class OnVirtualThreads implements PipeContract {
        @Override
        public ThreadFactory threads() {
            return Thread.ofVirtual().factory();
        }
    }
}
