package dev.dyad.harness;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Says which test classes run once more over a second choice (`poll`, no spin), as `-Ddyad.secondChoice=true` calls
/// such an execution: one in four by chance, and in a long run all.
///
/// Each has run over the first choice by then. What is tagged `fallback` runs only over the second, and so
/// always.
public final class SecondChoice implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        boolean again = Boolean.getBoolean("dyad.secondChoice")
                && isWholeClass(context)
                && !context.getTags().contains("fallback");
        return !again || TestLength.draws()
                ? ConditionEvaluationResult.enabled("this run has it")
                : ConditionEvaluationResult.disabled("only over the first choice in this run");
    }

    private static boolean isWholeClass(ExtensionContext context) {
        return context.getTestMethod().isEmpty()
                && context.getTestClass()
                        .filter(found -> !found.isMemberClass())
                        .isPresent();
    }
}
