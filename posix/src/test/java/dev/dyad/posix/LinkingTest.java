package dev.dyad.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What becomes of a failure that a call has not answered.
class LinkingTest {

    @ParameterizedTest
    @MethodSource
    void what_is_no_bug_here_is_thrown_as_it_is(Throwable cause) {
        assertThatThrownBy(() -> Linking.mismatch(cause)).isSameAs(cause);
    }

    static Throwable[] what_is_no_bug_here_is_thrown_as_it_is() {
        return new Throwable[] {
            new IllegalStateException("Already closed"),
            new WrongThreadException("not the owner"),
            new OutOfMemoryError("Java heap space"),
            new StackOverflowError(),
            new NoClassDefFoundError("Could not initialize class SysSocket$Send") // as of a call that is lost
        };
    }

    @Test
    void what_else_a_call_throws_is_a_bug_here() {
        var cause = new ClassCastException();

        assertThat(Linking.mismatch(cause)).hasCause(cause);
    }
}
