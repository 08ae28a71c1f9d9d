package dev.dyad.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/// A test that fails where programs run under the emulator of `verify/arm64`, for a fault of the emulator's.
///
/// It is left out only there. `verify/arm64/README.md` has each such test; `EmulatorTest` shows each fault
/// without Java.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(FailsWhenEmulated.Condition.class)
public @interface FailsWhenEmulated {

    /// What the emulator does wrong.
    enum Fault {
        /// `CLONE_VM` is not shared memory: `posix_spawn` is never told that `exec` failed.
        EXEC_ERRORS,
        /// A program that was started with signal 32 ignored cannot undo that for its children.
        SIGNAL_32,
        /// A message of no parts is sent and received without a look at the descriptor.
        EMPTY_MESSAGE,
        /// Control data that is cut off is not said to be.
        CUT_CONTROL
    }

    /// Returns the fault.
    Fault value();

    /// Says of each test whether it runs.
    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (!Boolean.getBoolean("dyad.emulated")) {
                return ConditionEvaluationResult.enabled("this machine is no emulator");
            }
            return AnnotationSupport.findAnnotation(context.getElement(), FailsWhenEmulated.class)
                    .map(found -> ConditionEvaluationResult.disabled("a fault of the emulator's: " + found.value()))
                    .orElseGet(() -> ConditionEvaluationResult.enabled("it runs under the emulator"));
        }
    }
}
