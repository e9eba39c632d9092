//! Places for what devices have running at once: so many in all, and so many of one device.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anggota::domain::DeviceId;

/// The places, and who has them.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    running: Arc<Mutex<HashMap<DeviceId, usize>>>,
    of_a_device: usize,
    in_all: usize,
}

/// A place that is taken; dropping it gives it back.
#[derive(Debug)]
pub(crate) struct Place {
    places: Places,
    device: DeviceId,
}

impl Places {
    pub(crate) fn new(of_a_device: usize, in_all: usize) -> Self {
        Self { running: Arc::default(), of_a_device, in_all }
    }

    /// One more place for that device.
    pub(crate) fn take(&self, device: &DeviceId) -> Option<Place> {
        let mut running = self.lock();
        let own = running.get(device).copied().unwrap_or(0);
        if own >= self.of_a_device || running.values().sum::<usize>() >= self.in_all {
            return None;
        }
        running.insert(*device, own + 1);
        Some(Place { places: self.clone(), device: *device })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<DeviceId, usize>> {
        // Each change is one insert or remove: the map is whole whatever happened to another thread.
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut running = self.places.lock();
        match running.get(&self.device).copied() {
            Some(own) if own > 1 => running.insert(self.device, own - 1),
            _ => running.remove(&self.device),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_device_cannot_take_all_places_and_gives_back_its_own() {
        let places = Places::new(4, 64);
        let device = |n: u8| DeviceId::from_bytes(&[n; 16]).unwrap();
        let mut taken: Vec<_> = (0..4).map(|_| places.take(&device(0)).unwrap()).collect();
        assert!(places.take(&device(0)).is_none());
        taken.pop();
        taken.push(places.take(&device(0)).unwrap());
        for n in 1..=u8::MAX {
            taken.extend(places.take(&device(n)));
        }
        assert_eq!(taken.len(), 64);
        drop(taken);
        assert!(places.lock().is_empty());
    }
}
