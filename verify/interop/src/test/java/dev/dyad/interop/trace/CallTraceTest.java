package dev.dyad.interop.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a reader follows does not grow unseen.
class CallTraceTest {

    private static CallTrace trace;

    @BeforeAll
    @Timeout(600) // a debugger looks at each method that is entered
    static void take() throws Exception {
        trace = CallTrace.take();
    }

    @ParameterizedTest
    @EnumSource
    void a_call_enters_no_more_methods_and_files_than_it_may(Traced what) {
        List<String> methods = trace.methods(what);

        assertThat(methods).isNotEmpty().hasSizeLessThanOrEqualTo(what.calls);
        assertThat(CallTrace.files(methods)).hasSizeLessThanOrEqualTo(what.files);
    }
}
