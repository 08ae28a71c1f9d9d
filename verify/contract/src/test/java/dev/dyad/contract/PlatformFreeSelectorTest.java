package dev.dyad.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.socket.SocketSelector;
import org.junit.jupiter.api.Test;

/// Selectors in a JVM that denies native access.
class PlatformFreeSelectorTest {

    @Test
    void there_is_none_without_native_access_and_it_says_why() {
        assertThatThrownBy(SocketSelector::open)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("-Ddyad.platform=none");
    }
}
