package dev.dyad.bench;

import dev.dyad.message.Exchange;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.Requests;
import dev.dyad.message.Wire;
import dev.dyad.process.Child;
import dev.dyad.process.JavaCommand;

/// Asks a JVM that gives back what it is asked, from more and more virtual threads at once: prints how many thousand
/// requests a second are answered.
public final class CallersRate {

    private CallersRate() {}

    static String ofCallers(int callers) {
        return "callers-" + callers;
    }

    /// Measures each number for so long, after a while that warms up what is measured.
    ///
    /// @param arguments how many seconds count, and several numbers of callers
    public static void main(String[] arguments) throws Exception {
        double seconds = Double.parseDouble(arguments[0]);
        try (Child child = JavaCommand.of(MessageEcho.class, Exchange.NUMBERED.name())
                        .command()
                        .spawn();
                Requests requests = Requests.over(MessageChannel.to(child, Wire.framed()), Exchange.NUMBERED)) {
            for (int i = 1; i < arguments.length; i++) {
                int callers = Integer.parseInt(arguments[i]);
                double rate = RequestRate.thousands(_ -> requests::call, callers, seconds);
                System.out.println(ofCallers(callers) + "=" + rate);
            }
        }
    }
}
