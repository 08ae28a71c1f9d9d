package dev.dyad.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A test with parameters that takes its time for each: `./dyad test` runs it with the first of them, which stands for
/// the others; `--ci` and `--long` run it with all.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(FirstInShortRuns.Condition.class)
public @interface FirstInShortRuns {

    /// Says of each invocation whether it runs.
    final class Condition implements ExecutionCondition {

        /// How the id of an invocation goes on, before its number.
        static final String INVOCATION = "[test-template-invocation:#";

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            String id = context.getUniqueId();
            boolean isFurther = id.contains(INVOCATION) && !id.contains(INVOCATION + "1]");
            return isFurther && TestLength.current() == TestLength.SHORT
                    ? ConditionEvaluationResult.disabled("in short runs the first of its parameters stands for all")
                    : ConditionEvaluationResult.enabled("it runs in this length");
        }
    }
}
