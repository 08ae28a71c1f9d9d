package dev.dyad.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A class whose tests take their time together: of its tests, and of the sets of arguments of each, one in four runs,
/// by chance. A long run has all, and so has one that names its tests by `-Dtest=`.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Sampled.Condition.class)
public @interface Sampled {

    /// Says of each test, and of each invocation of one with parameters, whether it runs.
    final class Condition implements ExecutionCondition {

        private static final String WITH_PARAMETERS = "[test-template:";

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            String id = context.getUniqueId();
            boolean isTest = context.getTestMethod().isPresent()
                    && (!id.contains(WITH_PARAMETERS) || id.contains(FirstInShortRuns.Condition.INVOCATION));
            return !isTest || TestLength.draws()
                    ? ConditionEvaluationResult.enabled("this run has it")
                    : ConditionEvaluationResult.disabled("in this run others of its class");
        }
    }
}
