package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every call of every public operation fails, with every error that its manual page lists, or one of them in a short
/// run.
class OperationFaultsTest {

    private static final List<Supplier<Stream<Operation>>> ROOMS = List.of(
            StreamOperations::all,
            PairOperations::all,
            ClosingOperations::all,
            ShutdownOperations::all,
            AdoptionOperations::all,
            MessageOperations::all,
            PipeOperations::all,
            NamedOperations::all,
            AcceptOperations::all,
            OptionOperations::all,
            SelectorOperations::all,
            RawSocketOperations::all,
            PassingOperations::all,
            ViewOperations::all);

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void whatever_call_fails_is_told_and_nothing_is_lost(Operation operation) throws Exception {
        assertThat(FaultWalk.complaintsAbout(operation)).isEmpty();
    }

    static Stream<Operation> operations() {
        return ROOMS.stream().flatMap(Supplier::get);
    }

    /// A new public method that makes a call needs an operation here.
    @Test
    void every_public_method_that_makes_a_call_is_walked() throws Exception {
        Set<String> walked = operations()
                .flatMap(operation -> operation.methods().stream())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(walked).isEqualTo(PublicMethods.thatMakeCalls());
    }
}
