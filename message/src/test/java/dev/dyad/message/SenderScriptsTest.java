package dev.dyad.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.TestLength;
import dev.dyad.message.SenderModel.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Has [FrameWriter] do what every short script says, and asks the model after each step whether that may be.
@NullUnmarked // what is not there fails the test
@Timeout(300)
class SenderScriptsTest {

    private static final int MOST_QUEUED = 3;

    static Stream<List<List<Kind>>> senders() {
        return Stream.of(
                List.of(List.of(Kind.SMALL, Kind.SMALL), List.of(Kind.LARGE)),
                List.of(List.of(Kind.LARGE), List.of(Kind.SMALL), List.of(Kind.LAST)),
                List.of(List.of(Kind.LARGE), List.of(Kind.LARGE), List.of(Kind.SMALL)));
    }

    @ParameterizedTest
    @MethodSource("senders")
    void the_writer_does_what_the_model_allows_whatever_a_short_script_says(List<List<Kind>> senders) {
        int length = switch (TestLength.current()) {
            case SHORT -> 3;
            case CI -> 5;
            case LONG -> 7;
        };
        List<Integer> script = new ArrayList<>();
        int scripts = 0;
        do {
            List<Integer> choices = run(senders, script, length);
            next(script, choices);
            scripts++;
        } while (!script.isEmpty());
        assertThat(scripts).isGreaterThan(1 << length);
    }

    /// Plays a script, which is gone on with by the first of the moves that there are.
    ///
    /// @param script which of its moves is made in each step
    /// @return how many moves there were in each step
    private static List<Integer> run(List<List<Kind>> senders, List<Integer> script, int length) {
        var run = new SenderConformanceTest.Run(new SenderModel(senders, MOST_QUEUED, Set.of()));
        List<Integer> choices = new ArrayList<>();
        for (int step = 0; step < length; step++) {
            List<Runnable> moves = run.moves();
            if (moves.isEmpty()) {
                break;
            }
            if (step == script.size()) {
                script.add(0);
            }
            choices.add(moves.size());
            moves.get(Math.min(script.get(step), moves.size() - 1)).run();
        }
        run.end();
        return choices;
    }

    /// Makes the next script of one, or an empty one after the last.
    private static void next(List<Integer> script, List<Integer> choices) {
        while (script.size() > choices.size()) {
            script.removeLast();
        }
        while (!script.isEmpty() && script.getLast() + 1 >= choices.get(script.size() - 1)) {
            script.removeLast();
        }
        if (!script.isEmpty()) {
            script.set(script.size() - 1, script.getLast() + 1);
        }
    }
}
