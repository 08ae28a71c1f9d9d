package dev.dyad.interop;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class InterpretersTest {

    private static final String NOWHERE = "no-such-interpreter";

    @Test
    void one_that_is_missing_fails_where_it_must_be_there() {
        assertThatThrownBy(() -> Interpreters.require(NOWHERE, true))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(NOWHERE);
    }

    @Test
    void one_that_is_missing_makes_the_test_void_elsewhere() {
        assertThatThrownBy(() -> Interpreters.require(NOWHERE, false))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining(NOWHERE);
    }

    @Test
    void one_that_is_there_is_no_news() {
        assertThatCode(() -> Interpreters.require("sh", true)).doesNotThrowAnyException();
    }
}
