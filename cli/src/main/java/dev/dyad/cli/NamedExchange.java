package dev.dyad.cli;

import dev.dyad.message.Exchange;

/// The exchanges by their names.
enum NamedExchange {
    IN_TURN("in-turn", Exchange.IN_TURN),
    NUMBERED("numbered", Exchange.NUMBERED),
    GORIDGE("goridge", Exchange.GORIDGE);

    private final String name;
    private final Exchange exchange;

    NamedExchange(String name, Exchange exchange) {
        this.name = name;
        this.exchange = exchange;
    }

    Exchange exchange() {
        return exchange;
    }

    @Override
    public String toString() {
        return name;
    }
}
