package dev.dyad.interop;

import dev.dyad.message.RequestFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// What has become of each request: it begins, and it ends once. Whatever else happens is a complaint.
final class PoolLedger {

    private static final String ANSWERED = "ANSWERED";

    /// @param why the name of an ending
    private record End(String why, boolean mayHaveRun) {}

    private final Map<String, String> begun = new ConcurrentHashMap<>(); // the whole request of a number
    private final Map<String, End> ended = new ConcurrentHashMap<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();

    void begins(String number, String request) {
        String other = begun.put(number, request);
        if (other != null) {
            complain("two requests have the number of " + request);
        }
    }

    void answered(String number) {
        end(number, new End(ANSWERED, true));
    }

    void failed(String number, RequestFailedException how) {
        end(number, new End(how.why().name(), how.mayHaveRun()));
    }

    private void end(String number, End how) {
        End other = ended.put(number, how);
        if (other != null) {
            complain("%s ends twice: %s and %s".formatted(begun.get(number), other, how));
        }
    }

    void complain(String what) {
        complaints.add(what);
    }

    /// Returns what is wrong, after all have ended.
    ///
    /// @param begunByWorkers what workers have written down, or `null` where they do not
    /// @param askedAgain how often one that may have run is asked again
    List<String> complaints(@Nullable Path begunByWorkers, int askedAgain) throws IOException {
        begun.forEach((number, request) -> {
            if (!ended.containsKey(number)) {
                complain("has not ended: " + shortened(request));
            }
        });
        if (begunByWorkers != null) {
            compare(Files.readAllLines(begunByWorkers), askedAgain);
        }
        return new ArrayList<>(complaints);
    }

    private void compare(List<String> lines, int askedAgain) {
        Map<String, Integer> runs = new HashMap<>();
        for (String number : lines) {
            runs.merge(number, 1, Integer::sum);
        }
        runs.forEach((number, times) -> {
            if (!begun.containsKey(number)) {
                complain("nobody has asked " + number);
            }
            if (times > 1 + askedAgain) {
                complain("has run %d times: %s".formatted(times, shortened(begun.get(number))));
            }
        });
        ended.forEach((number, how) -> {
            int times = runs.getOrDefault(number, 0);
            if (times > 0 && !how.mayHaveRun) {
                complain("has run though it is said that it has not, %s: %s"
                        .formatted(how.why, shortened(begun.get(number))));
            }
            if (times == 0 && how.why.equals(ANSWERED)) {
                complain("is answered and has not run: " + shortened(begun.get(number)));
            }
        });
    }

    private static String shortened(@Nullable String request) {
        String text = String.valueOf(request);
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    /// Returns how many have ended in each way.
    Map<String, Integer> tally() {
        Map<String, Integer> tally = new TreeMap<>();
        ended.values().forEach(how -> tally.merge(how.why, 1, Integer::sum));
        return tally;
    }
}
