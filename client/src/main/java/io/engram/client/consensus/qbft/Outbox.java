package io.engram.client.consensus.qbft;

import io.engram.client.consensus.ValidatorSet;
import io.engram.client.consensus.qbft.message.MessageCodec;
import io.engram.client.consensus.qbft.message.QbftMessage;
import io.engram.client.consensus.qbft.message.WireEncoding;
import io.engram.genesis.Address;
import java.util.Set;
import java.util.TreeSet;

/** Sends messages to the validators of a height. */
final class Outbox {

    private final MessageSender sender;
    private final WireEncoding encoding;
    private final Address self;

    Outbox(MessageSender sender, WireEncoding encoding, Address self) {
        this.sender = sender;
        this.encoding = encoding;
        this.self = self;
    }

    void send(QbftMessage message, ValidatorSet validators) {
        sender.send(others(validators), message.kind().code(), MessageCodec.encode(message, encoding));
    }

    /** Sends to one validator; what it has it knows by itself. */
    void sendTo(Address validator, QbftMessage message) {
        sender.send(Set.of(validator), message.kind().code(), MessageCodec.encode(message, encoding));
    }

    /** Passes on what another validator sent, to those who may not have it. */
    void passOn(QbftMessage message, QbftEvent.MessageReceived received, ValidatorSet validators) {
        Set<Address> targets = others(validators);
        targets.remove(message.author());
        targets.remove(received.peer());
        if (!targets.isEmpty()) {
            sender.send(targets, received.code(), received.data());
        }
    }

    private Set<Address> others(ValidatorSet validators) {
        Set<Address> others = new TreeSet<>(validators.addresses());
        others.remove(self);
        return others;
    }
}
