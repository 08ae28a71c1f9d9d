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

/// A test that takes its time, and whose kind another test of its class stands for: left out by `./dyad test`, and run
/// by `--ci` and `--long`.
///
/// It stands at a method or at a nested class, never at a whole class: each of those runs in all lengths.
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NotInShortRuns.Condition.class)
public @interface NotInShortRuns {

    /// Returns what stands for it in a short run.
    String value();

    /// Says of each test whether it runs.
    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (TestLength.current() != TestLength.SHORT) {
                return ConditionEvaluationResult.enabled("this run is no short one");
            }
            return AnnotationSupport.findAnnotation(context.getElement(), NotInShortRuns.class)
                    .map(found -> ConditionEvaluationResult.disabled("in short runs instead: " + found.value()))
                    .orElseGet(() -> ConditionEvaluationResult.enabled("it runs in all lengths"));
        }
    }
}
