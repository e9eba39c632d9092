//! How many pulls run at once: in all, because each holds a compressor of a few megabytes, and for one device.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anggota::domain::DeviceId;

const MAX_PULLS: usize = 64;
/// More than one, because a pull whose phone lost its network is noticed late.
const MAX_PULLS_OF_A_DEVICE: usize = 4;

/// The pulls that run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places(Arc<Mutex<HashMap<DeviceId, usize>>>);

/// A running pull; dropping it ends it.
#[derive(Debug)]
pub(crate) struct Place {
    places: Places,
    device: DeviceId,
}

impl Places {
    /// A place for one more pull of that device.
    pub(crate) fn take(&self, device: &DeviceId) -> Option<Place> {
        let mut running = self.lock();
        let own = running.get(device).copied().unwrap_or(0);
        if own >= MAX_PULLS_OF_A_DEVICE || running.values().sum::<usize>() >= MAX_PULLS {
            return None;
        }
        running.insert(*device, own + 1);
        Some(Place { places: self.clone(), device: *device })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<DeviceId, usize>> {
        // Each change is one insert or remove: the map is whole whatever happened to another thread.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
        let places = Places::default();
        let device = |n: u8| DeviceId::from_bytes(&[n; 16]).unwrap();
        let mut taken: Vec<_> = (0..MAX_PULLS_OF_A_DEVICE).map(|_| places.take(&device(0)).unwrap()).collect();
        assert!(places.take(&device(0)).is_none());
        taken.pop();
        taken.push(places.take(&device(0)).unwrap());
        for n in 1..=u8::MAX {
            taken.extend(places.take(&device(n)));
        }
        assert_eq!(taken.len(), MAX_PULLS);
        drop(taken);
        assert!(places.lock().is_empty());
    }
}
