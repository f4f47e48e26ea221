//! The order in which the parts of a batch are carried out.

/// Parts that wait for each other, each for the next and the last for the first.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Circle(pub(super) Vec<usize>);

/// Each part after those that it depends on, and otherwise as they were sent; `after` has for each part those others.
pub(super) fn order(after: &[&[usize]]) -> Result<Vec<usize>, Circle> {
    let mut order = Vec::new();
    while order.len() < after.len() {
        let done = |index: &usize| order.contains(index);
        let mut waiting = (0..after.len()).filter(|index| !done(index));
        match waiting.find(|index| after[*index].iter().all(done)) {
            Some(next) => order.push(next),
            None => return Err(circle(after, &order)),
        }
    }
    Ok(order)
}

/// Where none of the parts that are left can begin, whichever way back along what they wait for comes to where it was.
fn circle(after: &[&[usize]], order: &[usize]) -> Circle {
    let left = |index: &usize| !order.contains(index);
    let mut way = Vec::new();
    let mut next = (0..after.len()).find(left);
    while let Some(index) = next {
        if let Some(start) = way.iter().position(|seen| *seen == index) {
            return Circle(way.split_off(start));
        }
        way.push(index);
        next = after[index].iter().copied().find(left);
    }
    Circle(way)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn slices(after: &[Vec<usize>]) -> Vec<&[usize]> {
        after.iter().map(Vec::as_slice).collect()
    }

    /// Any dependencies among a few parts: most of them have circles.
    fn graphs() -> impl Strategy<Value = Vec<Vec<usize>>> {
        (1..8_usize).prop_flat_map(|parts| {
            let before = proptest::collection::vec(0..parts, 0..3);
            proptest::collection::vec(before, parts)
        })
    }

    proptest! {
        #[test]
        fn each_part_comes_once_and_after_those_it_depends_on_or_there_is_a_circle(after in graphs()) {
            match order(&slices(&after)) {
                Ok(order) => {
                    let mut all = order.clone();
                    all.sort_unstable();
                    prop_assert_eq!(all, Vec::from_iter(0..after.len()));
                    let place = |part: usize| order.iter().position(|one| *one == part);
                    for (part, before) in after.iter().enumerate() {
                        prop_assert!(before.iter().all(|one| place(*one) < place(part)));
                    }
                }
                Err(Circle(circle)) => {
                    prop_assert!(!circle.is_empty());
                    let next = circle.iter().cycle().skip(1);
                    for (part, next) in circle.iter().zip(next) {
                        prop_assert!(after[*part].contains(next));
                    }
                }
            }
        }
    }

    #[test]
    fn what_depends_on_nothing_stays_in_the_order_in_which_it_was_sent() {
        assert_eq!(order(&[&[], &[], &[]]), Ok(vec![0, 1, 2]));
        assert_eq!(order(&[&[2], &[], &[1]]), Ok(vec![1, 2, 0]));
    }
}
