package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.RequiredProgram;
import java.util.List;
import org.junit.jupiter.api.Test;

class OtherLinksTest {

    @Test
    void python_prints_what_ours_prints() throws Exception {
        assertPrintsAll(OtherLinks.python("0.02"));
    }

    @Test
    void php_prints_what_ours_prints() throws Exception {
        assertPrintsAll(OtherLinks.php("0.02"));
    }

    @Test
    void node_prints_what_ours_prints() throws Exception {
        assertPrintsAll(OtherLinks.node("0.02"));
    }

    private static void assertPrintsAll(List<String> command) throws Exception {
        var printed = new PrintedFigures();
        RequiredProgram.require(command.getFirst());

        printed.take("them", command);

        for (String each : PrintedPercentiles.ALL) {
            assertThat(printed.of("them", PrintedPercentiles.name(PeerProcesses.ASK, each)))
                    .hasSize(1)
                    .allSatisfy(micros -> assertThat(micros).isPositive());
        }
        assertThat(printed.of("them", PeerProcesses.RATE))
                .hasSize(1)
                .allSatisfy(rate -> assertThat(rate).isPositive());
    }
}
