package dev.dyad.harness;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Map;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/// Tests that a test runs by a launcher of its own.
final class InnerTests {

    private InnerTests() {}

    /// Runs the tests of a class, with parameters of JUnit's configuration.
    static TestExecutionSummary run(Class<?> tests, Map<String, String> parameters) {
        var listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(tests))
                                .configurationParameters(parameters)
                                .build(),
                        listener);
        return listener.getSummary();
    }
}
