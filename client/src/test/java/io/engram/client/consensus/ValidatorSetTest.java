package io.engram.client.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.genesis.Address;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidatorSetTest {

    private static Address address(int number) {
        return new Address(0, 0, number);
    }

    private static ValidatorSet set(int... numbers) {
        return new ValidatorSet(
                IntStream.of(numbers).mapToObj(ValidatorSetTest::address).toList());
    }

    @ParameterizedTest
    @CsvSource({"1,1", "2,2", "3,2", "4,3", "5,4", "7,5", "10,7", "15,10", "20,14"})
    void theQuorumIsTwoThirdsRoundedUp(int size, int quorum) {
        assertThat(set(IntStream.rangeClosed(1, size).toArray()).quorum()).isEqualTo(quorum);
    }

    @Test
    void addressesAreInAscendingOrder() {
        assertThat(set(3, 1, 2).addresses()).containsExactly(address(1), address(2), address(3));
    }

    @Test
    void aValidatorListedTwiceIsRefused() {
        assertThatThrownBy(() -> new ValidatorSet(List.of(address(1), address(1))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theNextInOrderProposesAndEachRoundGoesOneFurther() {
        ValidatorSet set = set(1, 2, 3);
        assertThat(set.proposer(address(1), 0)).isEqualTo(address(2));
        assertThat(set.proposer(address(3), 0)).isEqualTo(address(1));
        assertThat(set.proposer(address(3), 1)).isEqualTo(address(2));
        assertThat(set.proposer(address(1), 7)).isEqualTo(address(3));
    }

    @Test
    void whereTheParentsProposerLeftTheNextHigherAddressProposes() {
        ValidatorSet set = set(1, 3, 5);
        assertThat(set.proposer(address(2), 0)).isEqualTo(address(3));
        assertThat(set.proposer(address(9), 0)).isEqualTo(address(1));
    }
}
