package dev.dyad.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.FirstInShortRuns;
import dev.dyad.message.Exchange;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.Wire;
import dev.dyad.process.Command;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// All that may happen to a small pool, in every order: its states are explored whole.
@NullUnmarked
@Timeout(120)
class PoolModelTest {

    private static final int FAILURES = 1; // to start one
    private static final WorkerProcess NONE = null;

    /// How much there is of all.
    ///
    /// @param workers in all, one after the other
    private record Size(int places, int requests, int workers) {}

    /// What may happen next: its name, and what it does.
    private record Step(String name, Runnable action) {}

    /// A pool, and all that its requests and processes have come to.
    private static final class World {
        private final Size size;
        private final Pool pool;
        private final List<Member> members = new ArrayList<>();
        private final List<Member> stops = new ArrayList<>();
        private final List<Ticket> tickets = new ArrayList<>();
        private final Set<Ticket> withdrawn = new HashSet<>();
        private final Set<Ticket> refused = new HashSet<>();
        private final Set<Ticket> ended = new HashSet<>(); // whose request has left its worker
        private final Set<Member> dead = new HashSet<>();
        private final Map<Place, Member> starting = new HashMap<>();
        private int failures;
        private boolean reloaded;
        private boolean gaveUp;
        private boolean closed;

        World(Size size) {
            this.size = size;
            int places = size.places();
            var settings = new PoolSettings(
                    List.of(Command.of("true")),
                    places,
                    places,
                    0,
                    Wire.framed(),
                    Exchange.IN_TURN,
                    1,
                    1,
                    0,
                    2,
                    Long.MAX_VALUE,
                    Duration.ofNanos(Long.MAX_VALUE),
                    Long.MAX_VALUE,
                    null,
                    null,
                    _ -> {});
            pool = new Pool(settings, most -> most, stops::add, event -> gaveUp |= event instanceof WorkerEvent.GaveUp);
        }

        List<Step> steps() {
            List<Step> steps = new ArrayList<>();
            if (tickets.size() < size.requests()) {
                steps.add(new Step("ask", this::ask));
            }
            for (Ticket ticket : tickets) {
                stepsOf(ticket, steps);
            }
            for (Place place : pool.places()) {
                stepsOf(place, steps);
            }
            for (Member member : members) {
                if (!dead.contains(member)) {
                    steps.add(new Step("death of " + member.generation + "@" + member.place.number, () -> die(member)));
                }
            }
            if (!reloaded) {
                steps.add(new Step("reload", this::reload));
            }
            if (!closed) {
                steps.add(new Step("close", this::close));
            }
            return steps;
        }

        private void stepsOf(Ticket ticket, List<Step> steps) {
            int number = tickets.indexOf(ticket);
            if (isWaiting(ticket)) {
                steps.add(new Step("deadline of waiting " + number, () -> {
                    assertThat(pool.withdraw(ticket)).isTrue();
                    withdrawn.add(ticket);
                }));
                return;
            }
            Member member = memberOf(ticket);
            if (member == null || ended.contains(ticket)) {
                return;
            }
            if (dead.contains(member)) {
                steps.add(new Step(
                        "failure of " + number,
                        () -> end(ticket, () -> {
                            pool.ended(member, "dead");
                            pool.released(member);
                        })));
                return;
            }
            steps.add(new Step("answer to " + number, () -> end(ticket, () -> pool.answered(member))));
            steps.add(new Step(
                    "deadline of running " + number,
                    () -> end(ticket, () -> {
                        pool.retire(member, "late", true);
                        pool.released(member);
                    })));
        }

        private void stepsOf(Place place, List<Step> steps) {
            if (place.isStarting) {
                stepsOfStart(place, steps);
            }
            if (!closed && place.wantsWorker()) {
                steps.add(new Step("start at " + place.number, () -> place.isStarting = true));
            }
        }

        private void stepsOfStart(Place place, List<Step> steps) {
            Member begun = starting.get(place);
            if (begun == null && members.size() < size.workers()) {
                steps.add(new Step("spawn at " + place.number, () -> {
                    Member member = pool.started(place, 1, NONE);
                    members.add(member);
                    starting.put(place, member);
                }));
            }
            if (begun == null && failures < FAILURES) {
                steps.add(new Step("no spawn at " + place.number, () -> {
                    failures++;
                    pool.notStarted(place, "not started");
                }));
            }
            if (begun != null) {
                steps.add(new Step("ready at " + place.number, () -> {
                    starting.remove(place);
                    pool.ready(begun);
                    gaveUp &= place.current != begun;
                }));
                steps.add(new Step("not ready at " + place.number, () -> {
                    starting.remove(place);
                    pool.notReady(begun, "not ready");
                }));
            }
        }

        private void ask() {
            var ticket = new Ticket(tickets.size() == 1 ? "key" : null);
            tickets.add(ticket);
            try {
                pool.ask(ticket);
            } catch (RequestFailedException e) {
                refused.add(ticket);
            }
        }

        private void end(Ticket ticket, Runnable report) {
            ended.add(ticket);
            report.run();
        }

        private void die(Member member) {
            dead.add(member);
            pool.ended(member, "dead");
        }

        private void reload() {
            reloaded = true;
            pool.places().stream()
                    .map(place -> place.current)
                    .filter(member -> member != null)
                    .forEach(member -> pool.outgrown(member, "reload"));
        }

        private void close() {
            closed = true;
            pool.close();
        }

        private boolean isWaiting(Ticket ticket) {
            return !ticket.isSettled() && !refused.contains(ticket) && !withdrawn.contains(ticket);
        }

        private static Member memberOf(Ticket ticket) {
            try {
                return ticket.isSettled() ? ticket.member() : null;
            } catch (RequestFailedException e) {
                return null;
            }
        }

        /// What holds at any moment.
        void check() {
            assertThat(stops).as("each worker is ended once").doesNotHaveDuplicates();
            for (Member member : members) {
                long given = tickets.stream()
                        .filter(ticket -> memberOf(ticket) == member && !ended.contains(ticket))
                        .count();
                assertThat(member.underWay).as("requests under way").isEqualTo((int) given);
                assertThat(given).as("a worker has one request").isLessThanOrEqualTo(1);
                boolean isAsked = member.place.current == member;
                assertThat(isAsked && (member.leaving || dead.contains(member)))
                        .as("a worker that leaves or is dead gets no request")
                        .isFalse();
                assertThat(isAsked || member.underWay > 0 || stops.contains(member) || starting.containsValue(member))
                        .as("no worker is forgotten")
                        .isTrue();
            }
            assertThat(!closed || stops.containsAll(members))
                    .as("all workers are ended")
                    .isTrue();
            boolean isFree =
                    pool.places().stream().anyMatch(place -> place.current != null && place.current.underWay == 0);
            for (Ticket ticket : tickets) {
                assertThat(isWaiting(ticket) && ticket.keyHash() == null && isFree)
                        .as("no request waits while a worker is free")
                        .isFalse();
                assertThat(isWaiting(ticket) && closed)
                        .as("no request waits once all is closed")
                        .isFalse();
            }
        }

        /// All that decides what may happen from here on.
        String state() {
            String requests = tickets.stream()
                    .map(ticket -> (isWaiting(ticket) ? "w" : refused.contains(ticket) ? "r" : "s")
                            + (memberOf(ticket) == null ? "-" : members.indexOf(memberOf(ticket)))
                            + withdrawn.contains(ticket)
                            + ended.contains(ticket))
                    .collect(Collectors.joining(","));
            String workers = members.stream()
                    .map(member ->
                            member.place.number + ":" + member.leaving + stops.contains(member) + dead.contains(member)
                                    + (member.place.current == member)
                                    + starting.containsValue(member)
                                    + member.answered)
                    .collect(Collectors.joining(","));
            String places = pool.places().stream()
                    .map(place ->
                            place.isStarting + "" + place.wantsWorker() + place.wantsSuccessor() + place.failuresInARow)
                    .collect(Collectors.joining(","));
            return String.join("|", requests, workers, places, failures + "" + reloaded + closed + gaveUp);
        }
    }

    private static World replay(Size size, List<Integer> script) {
        var world = new World(size);
        for (int choice : script) {
            world.steps().get(choice).action().run();
        }
        return world;
    }

    private static int explore(Size size) {
        Set<String> seen = new HashSet<>();
        Deque<List<Integer>> open = new ArrayDeque<>();
        open.add(List.of());
        while (!open.isEmpty()) {
            List<Integer> script = open.removeLast();
            World world = replay(size, script);
            try {
                world.check();
            } catch (AssertionError e) {
                throw new AssertionError(e.getMessage() + " after " + names(size, script), e);
            }
            if (!seen.add(world.state())) {
                continue;
            }
            int choices = world.steps().size();
            for (int i = 0; i < choices; i++) {
                List<Integer> next = new ArrayList<>(script);
                next.add(i);
                open.add(next);
            }
        }
        return seen.size();
    }

    private static List<String> names(Size size, List<Integer> script) {
        var world = new World(size);
        List<String> names = new ArrayList<>();
        for (int choice : script) {
            Step step = world.steps().get(choice);
            names.add(step.name());
            step.action().run();
        }
        return names;
    }

    @FirstInShortRuns
    @ParameterizedTest
    @CsvSource({"1, 2, 3", "2, 2, 2"})
    void nothing_is_lost_and_nothing_happens_twice_in_any_order(int places, int requests, int workers) {
        assertThat(explore(new Size(places, requests, workers))).isGreaterThan(20_000);
    }
}
