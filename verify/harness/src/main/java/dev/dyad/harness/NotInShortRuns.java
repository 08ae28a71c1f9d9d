package dev.dyad.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/// A test that takes its time, and whose kind another test of its class stands for: left out by `./dyad test`, run
/// by `--long`, and by `--ci` as likely as [#inCi] says.
///
/// It stands at a method or at a nested class, never at a whole class: each of those runs in all lengths. A class that
/// is slow is [Sampled].
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NotInShortRuns.Condition.class)
public @interface NotInShortRuns {

    /// Returns what stands for it in a short run.
    String value();

    /// Returns how likely CI is to run it, from 0 to 1.
    double inCi() default 1;

    /// Says of each test whether it runs.
    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return AnnotationSupport.findAnnotation(context.getElement(), NotInShortRuns.class)
                    .map(Condition::result)
                    .orElseGet(() -> ConditionEvaluationResult.enabled("it runs in all lengths"));
        }

        private static ConditionEvaluationResult result(NotInShortRuns found) {
            return switch (TestLength.current()) {
                case SHORT -> ConditionEvaluationResult.disabled("in short runs instead: " + found.value());
                case CI ->
                    ThreadLocalRandom.current().nextDouble() < found.inCi()
                            ? ConditionEvaluationResult.enabled("this run of CI has it")
                            : ConditionEvaluationResult.disabled("in this run of CI instead: " + found.value());
                case LONG -> ConditionEvaluationResult.enabled("a long run has all");
            };
        }
    }
}
